import {
  OwnershipLost,
  type PartitionExtent,
  type PartitionReader,
  type ReceivedEvent,
  type StartPosition,
  StreamUnavailable,
} from '../event-stream.ts';

interface OpenReader {
  readonly ownerLevel: number;
  /** Why it ended; null while it is open. */
  ended: Error | 'closed' | null;
  /** Wakes a waiting `read`. */
  wake: () => void;
}

/** One partition's log and its readers: one per consumer group, the one with the highest owner level. */
export class InMemoryPartition {
  readonly #capacity: number;
  readonly #events: ReceivedEvent[] = [];
  readonly #owners = new Map<string, OpenReader>();
  #nextSequence = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  append(event: Omit<ReceivedEvent, 'sequence'>): void {
    this.#events.push({ sequence: this.#nextSequence, ...event });
    this.#nextSequence += 1;
    if (this.#events.length > this.#capacity) this.#events.shift();
    for (const owner of this.#owners.values()) owner.wake();
  }

  extent(): PartitionExtent {
    return { firstSequence: this.#firstSequence(), lastSequence: this.#nextSequence - 1 };
  }

  /** Opens a reader; it takes the group's partition unless a reader with a higher owner level has it. */
  open(options: { consumerGroup: string; start: StartPosition; ownerLevel: number }): PartitionReader {
    const { consumerGroup, start, ownerLevel } = options;
    const reader: OpenReader = { ownerLevel, ended: null, wake: () => {} };
    const owner = this.#owners.get(consumerGroup);
    if (owner && owner.ended === null && owner.ownerLevel > ownerLevel) {
      end(reader, new OwnershipLost(`a reader with owner level ${owner.ownerLevel} has the partition`));
    } else {
      if (owner) end(owner, new OwnershipLost(`a reader with owner level ${ownerLevel} took the partition`));
      this.#owners.set(consumerGroup, reader);
    }
    let next = start === 'earliest' ? 0 : start.afterSequence + 1;
    return {
      read: async ({ maxEvents, maxWaitMs }) => {
        const isWaiting = reader.ended === null && this.#nextSequence <= next && maxWaitMs > 0;
        if (isWaiting) await awaken(reader, maxWaitMs);
        if (reader.ended === 'closed') throw new StreamUnavailable('the reader is closed');
        if (reader.ended !== null) throw reader.ended;
        const from = Math.max(0, next - this.#firstSequence());
        const events = this.#events.slice(from, from + maxEvents);
        next = (events.at(-1)?.sequence ?? next - 1) + 1;
        return events;
      },
      close: async () => {
        end(reader, 'closed');
        if (this.#owners.get(consumerGroup) === reader) this.#owners.delete(consumerGroup);
      },
    };
  }

  /** Ends all readers with an error. */
  endReaders(error: Error): void {
    for (const owner of this.#owners.values()) end(owner, error);
  }

  #firstSequence(): number {
    return this.#nextSequence - this.#events.length;
  }
}

function end(reader: OpenReader, reason: Error | 'closed'): void {
  reader.ended ??= reason;
  reader.wake();
}

function awaken(reader: OpenReader, maxWaitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, maxWaitMs);
    reader.wake = () => {
      clearTimeout(timer);
      reader.wake = () => {};
      resolve();
    };
  });
}
