import {
  type EventContext,
  type EventSink,
  type EventSource,
  EventTooLarge,
  type HubProperties,
  StreamUnavailable,
} from '../event-stream.ts';
import { partitionOfKey } from '../partition-key.ts';
import { InMemoryPartition } from './in-memory-partition.ts';

/** How an `InMemoryHub` is. */
export interface InMemoryHubOptions {
  readonly partitionCount: number;
  /** Events that a partition keeps; older ones go. Default: all. */
  readonly eventsPerPartition?: number;
  /** Largest body, in bytes. Default 1 MiB. */
  readonly maxEventBytes?: number;
  /** Identity of the hub; give another one to play a hub that was made anew. */
  readonly identity?: string;
  /** Epoch milliseconds, for `enqueuedAtMs`. */
  readonly nowMs?: () => number;
}

/** An event hub within this process: any number of sources and sinks, owner levels per consumer group. */
export class InMemoryHub {
  readonly #properties: HubProperties;
  readonly #partitions: ReadonlyMap<string, InMemoryPartition>;
  readonly #maxEventBytes: number;
  readonly #nowMs: () => number;
  #available = true;

  constructor({
    partitionCount,
    eventsPerPartition = Number.POSITIVE_INFINITY,
    maxEventBytes = 1024 * 1024,
    identity = 'in-memory',
    nowMs = Date.now,
  }: InMemoryHubOptions) {
    const partitions = Array.from({ length: partitionCount }, (_, index) => String(index));
    this.#properties = { identity, partitions };
    this.#partitions = new Map(partitions.map((id) => [id, new InMemoryPartition(eventsPerPartition)]));
    this.#maxEventBytes = maxEventBytes;
    this.#nowMs = nowMs;
  }

  /** Plays an outage: while false, everything throws `StreamUnavailable` and open readers end. */
  setAvailable(available: boolean): void {
    this.#available = available;
    if (available) return;
    for (const partition of this.#partitions.values())
      partition.endReaders(new StreamUnavailable('hub is down'));
  }

  source(): EventSource {
    const closers = new Set<() => Promise<void>>();
    return {
      properties: async () => this.#checked(this.#properties),
      extent: async (partition) => this.#partition(partition).extent(),
      open: async ({ consumerGroup, partition, start, ownerLevel }) => {
        const reader = this.#partition(partition).open({ consumerGroup, start, ownerLevel });
        closers.add(reader.close);
        return reader;
      },
      close: async () => {
        await Promise.all([...closers].map((close) => close()));
        closers.clear();
      },
    };
  }

  sink(): EventSink {
    return {
      properties: async () => this.#checked(this.#properties),
      send: async (partition, bodies, context) => this.#append(partition, bodies, context),
      sendKeyed: async (key, body, context) =>
        this.#append(String(partitionOfKey(key, this.#properties.partitions.length)), [body], context),
      close: async () => {},
    };
  }

  #append(partition: string, bodies: readonly Uint8Array[], context: EventContext = {}): void {
    const target = this.#partition(partition);
    const largest = bodies.reduce((size, body) => Math.max(size, body.length), 0);
    if (largest > this.#maxEventBytes) {
      throw new EventTooLarge(`${largest} bytes are more than ${this.#maxEventBytes}`);
    }
    for (const body of bodies) target.append({ body: body.slice(), enqueuedAtMs: this.#nowMs(), ...context });
  }

  #partition(id: string): InMemoryPartition {
    const partition = this.#partitions.get(id);
    if (!partition) throw new StreamUnavailable(`the hub has no partition ${JSON.stringify(id)}`);
    return this.#checked(partition);
  }

  #checked<T>(answer: T): T {
    if (!this.#available) throw new StreamUnavailable('hub is down');
    return answer;
  }
}
