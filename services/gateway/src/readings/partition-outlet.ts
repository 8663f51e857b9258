import { setTimeout as sleep } from 'node:timers/promises';
import type { Reading } from '@verdict/contracts';
import { causedBy, noTracing, type Tracing } from '@verdict/process';
import { type EventSink, packReadings } from '@verdict/streams';

/** What watches readings leave. */
export interface PublishWatch {
  readonly tracing: Tracing;
  /** The hub has them. */
  published(sent: { readonly readings: number; readonly events: number; readonly seconds: number }): void;
}

/** Nobody watches. */
export const noWatch: PublishWatch = { tracing: noTracing, published: () => undefined };

interface Waiting {
  readonly readings: readonly Reading[];
  /** Of the request that brought them. */
  readonly traceparent: string | undefined;
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * Most readings sent at once: about one full batch of events. What is more waits for its turn, and everything that waits
 * is bounded by the bytes that may be under way.
 */
const mostReadings = 50_000;
/** So many fill an event well enough. */
const enoughReadings = 2000;

/**
 * Where others wait as soon as a send is through, there will be more in a moment: they leave in one event then, and an
 * event costs the hub and whoever reads it as much as many readings.
 */
const gatherMs = 8;

/**
 * Where readings of one partition leave. One send is under way at a time; what comes meanwhile leaves together with the
 * next one, so that the busier it is, the fewer and fuller events are made, and whoever comes first is written first.
 */
export class PartitionOutlet {
  readonly #sink: Pick<EventSink, 'send'>;
  readonly #partition: string;
  readonly #watch: PublishWatch;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(sink: Pick<EventSink, 'send'>, partition: string, watch: PublishWatch) {
    this.#sink = sink;
    this.#partition = partition;
    this.#watch = watch;
  }

  /** Resolves when the hub has them. They must be in the order of time, series by series. */
  send(readings: readonly Reading[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({
        readings,
        traceparent: this.#watch.tracing.headers().traceparent,
        resolve,
        reject,
      });
      if (!this.#busy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (let first = true; this.#waiting.length > 0; first = false) {
      if (!first) await this.#gather();
      const group = this.#take();
      try {
        await this.#publish(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Those behind them have waited as long; they hear it now, instead of after a try of their own.
        for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error);
      }
    }
    this.#busy = false;
  }

  async #publish(group: readonly Waiting[]): Promise<void> {
    const readings = readingsOf(group);
    const startedMs = performance.now();
    const events = packReadings(readings);
    await this.#send(events, { group, readings: readings.length });
    const seconds = (performance.now() - startedMs) / 1000;
    this.#watch.published({ readings: readings.length, events: events.length, seconds });
  }

  #send(
    events: readonly Uint8Array[],
    { group, readings }: { group: readonly Waiting[]; readings: number },
  ): Promise<void> {
    const { tracing } = this.#watch;
    if (!tracing.on) return this.#sink.send(this.#partition, events);
    const attributes = {
      'messaging.system': 'eventhubs',
      'messaging.destination.partition.id': this.#partition,
      'messaging.batch.message_count': events.length,
      'verdict.readings': readings,
    };
    const causes = causedBy(group.map(({ traceparent }) => traceparent));
    return tracing.span('publish readings', { kind: 'producer', attributes, ...causes }, () =>
      this.#sink.send(this.#partition, events, tracing.headers()),
    );
  }

  async #gather(): Promise<void> {
    const waiting = this.#waiting.reduce((sum, { readings }) => sum + readings.length, 0);
    if (waiting < enoughReadings) await sleep(gatherMs);
  }

  #take(): Waiting[] {
    let readings = 0;
    let count = 0;
    for (const one of this.#waiting) {
      readings += one.readings.length;
      if (count > 0 && readings > mostReadings) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}

function readingsOf(group: readonly Waiting[]): readonly Reading[] {
  const [first] = group;
  return group.length === 1 && first !== undefined
    ? first.readings
    : group.flatMap(({ readings }) => readings);
}
