import type { Clock, Logger } from '@verdict/process';
import type { EventSource } from '@verdict/streams';
import type { DetectorMetrics } from '../metrics.ts';
import type { HeldPartitions } from './held-partitions.ts';

const everyMs = 5000;

/** What measuring needs. */
interface LagParts {
  readonly held: HeldPartitions;
  readonly source: Pick<EventSource, 'extent'>;
  readonly metrics: Pick<DetectorMetrics, 'lagEvents' | 'held'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Measures every few seconds how far the held partitions are behind the hub, until the signal is aborted. */
export async function watchLag(parts: LagParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await measureLag(parts);
      await parts.clock.sleep(everyMs, signal);
    } catch (error) {
      if (signal.aborted) return;
      // The hub is away: the partitions themselves say so loudly enough.
      parts.logger.debug({ err: error }, 'the lag cannot be measured');
      await parts.clock.sleep(everyMs, signal).catch(() => undefined);
    }
  }
}

async function measureLag({ held, source, metrics }: LagParts): Promise<void> {
  const entries = held.all();
  metrics.held.set(entries.length);
  metrics.lagEvents.reset();
  await Promise.all(
    entries.map(async ({ partition, run, checkpoint }) => {
      const { firstSequence, lastSequence } = await source.extent(partition);
      const next = Math.max(firstSequence, (run?.checkpoint ?? checkpoint) + 1);
      metrics.lagEvents.set({ partition }, Math.max(0, lastSequence + 1 - next));
    }),
  );
}
