import type { ReadingInput } from '@verdict/contracts';
import type { ClientClock } from '@verdict/platform-client';
import { runTogether } from '../run-together.ts';
import type { HostSampler } from './host-sample.ts';
import { type ReadingBuffer, readingBuffer } from './reading-buffer.ts';

/** Sends looks at a machine for as long as it runs. */
export interface HostFeed {
  series: string;
  sample: HostSampler;
  intervalMs: number;
  /** Looks that are kept while the gateway is away. */
  capacity: number;
  /** Number of looks; Infinity = until stopped. */
  count: number;
  /** Resolves once the readings are kept; waits for the gateway as long as it takes. */
  send: (readings: readonly ReadingInput[]) => Promise<unknown>;
  clock: ClientClock;
  signal: AbortSignal;
  /** Told after each request: readings sent so far, and looks dropped so far. */
  onSent: (sent: number, dropped: number) => void;
}

/** Most readings in one request after an outage. */
const batchReadings = 500;

/**
 * Looks and sends side by side: an absent gateway does not stop the looking, and a slow look does not pile up
 * others, since the next one begins at the next full interval after it. Rejects with the abort.
 */
export async function runHostFeed(feed: HostFeed): Promise<void> {
  const buffer = readingBuffer(feed.capacity);
  const filled = pulse();
  let looking = true;
  await runTogether(feed.signal, [
    (signal) =>
      lookAtHost({ ...feed, signal }, buffer, filled.ring).finally(() => {
        looking = false;
        filled.ring();
      }),
    (signal) =>
      sendWaiting({ ...feed, signal }, buffer, async () => {
        if (looking && buffer.size === 0) await filled.wait();
        return looking || buffer.size > 0;
      }),
  ]);
}

async function lookAtHost(feed: HostFeed, buffer: ReadingBuffer, ring: () => void): Promise<void> {
  const { series, sample, intervalMs, count, clock, signal } = feed;
  // Rates need a look before them.
  await sample();
  for (let looks = 0; looks < count; looks += 1) {
    const time = (Math.floor(clock.nowMs() / intervalMs) + 1) * intervalMs;
    await clock.sleep(time - clock.nowMs(), signal);
    buffer.add({ series, time, values: await sample() });
    ring();
  }
}

async function sendWaiting(
  feed: HostFeed,
  buffer: ReadingBuffer,
  more: () => Promise<boolean>,
): Promise<void> {
  let sent = 0;
  while (await more()) {
    feed.signal.throwIfAborted();
    const readings = buffer.oldest(batchReadings);
    if (readings.length === 0) continue;
    await feed.send(readings);
    buffer.remove(readings);
    sent += readings.length;
    feed.onSent(sent, buffer.dropped);
  }
}

/** Something one side waits for and the other rings; a ring before the wait is not lost. */
function pulse() {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait() {
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      rung = false;
      wake = null;
    },
  };
}
