import type { PartitionReader, ReceivedEvent } from '@verdict/streams';
import { link } from './link.ts';

/** Pause between two empty answers. */
const idleMs = 20;
const lookAgainMs = 1000;
/** Events handed out at once: small steps, so that none takes long on a machine that has much else to do. */
const mostEvents = 8;

/** Hands out events up to where the soak says, so that what changes meanwhile changes exactly there. */
export class GatedReader implements PartitionReader {
  readonly #reader: PartitionReader;
  readonly #partition: string;
  /** Sequence number of the next event; they grow by one. */
  #next: number;
  #drained = -1;
  #closed = false;

  constructor(reader: PartitionReader, at: { partition: string; next: number }) {
    this.#reader = reader;
    this.#partition = at.partition;
    this.#next = at.next;
  }

  async read(limits: { maxEvents: number; maxWaitMs: number }): Promise<ReceivedEvent[]> {
    while (!this.#closed) {
      const { upTo, idle, revision } = link.gate(this.#partition);
      if (this.#next <= upTo) return this.#take(limits, upTo);
      // Whoever waits for nothing has a batch in hand, and scores it first.
      if (limits.maxWaitMs === 0) return [];
      // Asked to wait for more, so the batch before is done.
      if (this.#drained !== revision) link.tell({ kind: 'drained', partition: this.#partition, revision });
      this.#drained = revision;
      if (idle) {
        await new Promise((resolve) => setTimeout(resolve, idleMs));
        return [];
      }
      await link.change(lookAgainMs);
    }
    return [];
  }

  async #take(limits: { maxEvents: number; maxWaitMs: number }, upTo: number): Promise<ReceivedEvent[]> {
    const maxEvents = Math.min(limits.maxEvents, mostEvents, upTo - this.#next + 1);
    const events = await this.#reader.read({ ...limits, maxEvents });
    this.#next = (events.at(-1)?.sequence ?? this.#next - 1) + 1;
    return events;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#reader.close();
  }
}
