/** Share of the newest snapshot in the average: a whole one now and then must not count for all of them. */
const newestShare = 0.3;

/** What a snapshot of each partition of this process costs, so that all of them together leave time for readings. */
export class SnapshotLoad {
  readonly #costsMs = new Map<object, number>();

  /** Of all partitions that are running. */
  get totalMs(): number {
    let sum = 0;
    for (const costMs of this.#costsMs.values()) sum += costMs;
    return sum;
  }

  /** Partitions that are running; at least one. */
  get partitions(): number {
    return Math.max(1, this.#costsMs.size);
  }

  /** A snapshot was taken; the first one of a partition counts as it is. */
  note(partition: object, costMs: number): void {
    const before = this.#costsMs.get(partition) ?? 0;
    this.#costsMs.set(partition, before === 0 ? costMs : before + newestShare * (costMs - before));
  }

  forget(partition: object): void {
    this.#costsMs.delete(partition);
  }
}
