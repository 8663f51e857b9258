import type { BlobStore } from '@verdict/storage';

/** Events that were being processed, each alone, when their detector died; and those given up for it. */
export class PoisonLedger {
  readonly #blobs: BlobStore;
  readonly #prefix: string;
  readonly #mark: string;
  readonly #suspicions = new Map<number, string[]>();
  readonly #condemned = new Set<number>();

  private constructor(blobs: BlobStore, owner: { pool: string; partition: string }, mark: string) {
    this.#blobs = blobs;
    this.#prefix = `poison/${owner.pool}/${owner.partition}/`;
    this.#mark = mark;
  }

  /**
   * Reads what earlier holders noted. `attempt` tells one try at the checkpoint from the next.
   * Notes are blobs, because they must outlive a process that dies between them and its next commit.
   */
  static async open(
    blobs: BlobStore,
    owner: { pool: string; partition: string; epoch: number },
    attempt: number,
  ): Promise<PoisonLedger> {
    const ledger = new PoisonLedger(blobs, owner, `${owner.epoch}-${attempt}`);
    for (const name of await blobs.list(ledger.#prefix)) {
      const match = /^(\d+)\/(suspect|condemned)(-|$)/.exec(name.slice(ledger.#prefix.length));
      if (match === null) continue;
      const sequence = Number(match[1]);
      if (match[2] === 'condemned') ledger.#condemned.add(sequence);
      else ledger.#suspicions.set(sequence, [...(ledger.#suspicions.get(sequence) ?? []), name]);
    }
    return ledger;
  }

  /** Times that a detector died on this event while it was processed alone. */
  suspicions(sequence: number): number {
    return this.#suspicions.get(sequence)?.length ?? 0;
  }

  /** Whether the event was given up; a replay leaves it out, as its first run did. */
  isCondemned(sequence: number): boolean {
    return this.#condemned.has(sequence);
  }

  /** How many of the `span` events before this one were given up. */
  condemnedBefore(sequence: number, span: number): number {
    let count = 0;
    for (const one of this.#condemned) if (one < sequence && one >= sequence - span) count += 1;
    return count;
  }

  /** Notes, before an event is processed alone, that it is. */
  async suspect(sequence: number): Promise<void> {
    const name = `${this.#prefix}${sequence}/suspect-${this.#mark}`;
    await this.#blobs.put(name, Buffer.from(this.#mark));
    this.#suspicions.set(sequence, [...(this.#suspicions.get(sequence) ?? []), name]);
  }

  /** The event was processed well, or something else was to blame. */
  async clear(sequence: number): Promise<void> {
    for (const name of this.#suspicions.get(sequence) ?? []) await this.#blobs.delete(name);
    this.#suspicions.delete(sequence);
  }

  /** Gives an event up, for every replay to come. */
  async condemn(sequence: number): Promise<void> {
    await this.#blobs.put(`${this.#prefix}${sequence}/condemned`, Buffer.from('poisonous'));
    this.#condemned.add(sequence);
  }

  /** Forgets what nobody can meet again: suspicions up to the checkpoint, verdicts on events the hub has dropped. */
  async tidy(checkpoint: number, firstSequence: number): Promise<void> {
    for (const sequence of [...this.#suspicions.keys()])
      if (sequence <= checkpoint) await this.clear(sequence);
    for (const sequence of [...this.#condemned])
      if (sequence < firstSequence) {
        await this.#blobs.delete(`${this.#prefix}${sequence}/condemned`);
        this.#condemned.delete(sequence);
      }
  }
}
