import type { PartitionReader, ReceivedEvent } from '@verdict/streams';

/** How much is taken at once. */
export interface BatchLimits {
  readonly events: number;
  /** Bodies together; a single event may be larger. */
  readonly bytes: number;
  readonly waitMs: number;
}

/** Reads a partition in order, each event once, in batches of bounded size. */
export class EventCursor {
  readonly #reader: PartitionReader;
  #waiting: ReceivedEvent[] = [];
  #last: number;

  /** `after`: sequence number behind which the reader was opened. */
  constructor(reader: PartitionReader, after: number) {
    this.#reader = reader;
    this.#last = after;
  }

  /** The next events up to the sequence number `upTo`; empty when none came in time or the next lies beyond. */
  async read(limits: BatchLimits, upTo = Number.POSITIVE_INFINITY): Promise<ReceivedEvent[]> {
    if (this.#waiting.length === 0) {
      const events = await this.#reader.read({ maxEvents: limits.events, maxWaitMs: limits.waitMs });
      // A reader that reopened itself may begin before where it was.
      for (const event of events)
        if (event.sequence > (this.#waiting.at(-1)?.sequence ?? this.#last)) this.#waiting.push(event);
    }
    let taken = 0;
    let bytes = 0;
    for (const { sequence, body } of this.#waiting) {
      bytes += body.length;
      if (taken >= limits.events || sequence > upTo || (taken > 0 && bytes > limits.bytes)) break;
      taken += 1;
    }
    const batch = this.#waiting.splice(0, taken);
    this.#last = batch.at(-1)?.sequence ?? this.#last;
    return batch;
  }

  /** The next event lies beyond this sequence number, as far as is known. */
  isBeyond(sequence: number): boolean {
    const next = this.#waiting[0];
    return this.#last >= sequence || (next !== undefined && next.sequence > sequence);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}
