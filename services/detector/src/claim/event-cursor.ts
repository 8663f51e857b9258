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
  #waitingBytes = 0;
  #last: number;

  /** `after`: sequence number behind which the reader was opened. */
  constructor(reader: PartitionReader, after: number) {
    this.#reader = reader;
    this.#last = after;
  }

  /** Waits for an event, for no longer than the limits say; whether there is one. */
  async arrived(limits: BatchLimits): Promise<boolean> {
    if (this.#waiting.length === 0) await this.#fetch(limits.events, limits.waitMs);
    return this.#waiting.length > 0;
  }

  /**
   * The next events up to the sequence number `upTo`, as many as are at hand; empty when none came in time or the next
   * lies beyond.
   */
  async read(limits: BatchLimits, upTo = Number.POSITIVE_INFINITY): Promise<ReceivedEvent[]> {
    let more = await this.arrived(limits);
    while (more && this.#waiting.length < limits.events && this.#waitingBytes < limits.bytes)
      more = await this.#fetch(limits.events - this.#waiting.length, 0);
    let taken = 0;
    let bytes = 0;
    for (const { sequence, body } of this.#waiting) {
      if (taken >= limits.events || sequence > upTo) break;
      if (taken > 0 && bytes + body.length > limits.bytes) break;
      bytes += body.length;
      taken += 1;
    }
    const batch = this.#waiting.splice(0, taken);
    this.#waitingBytes -= bytes;
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

  /** Whether anything came. */
  async #fetch(maxEvents: number, maxWaitMs: number): Promise<boolean> {
    const events = await this.#reader.read({ maxEvents, maxWaitMs });
    for (const event of events) {
      // A reader that reopened itself may begin before where it was.
      if (event.sequence <= (this.#waiting.at(-1)?.sequence ?? this.#last)) continue;
      this.#waiting.push(event);
      this.#waitingBytes += event.body.length;
    }
    return events.length > 0;
  }
}
