/** Share of the newest snapshot in the average: a whole one now and then must not count for all of them. */
const newestShare = 0.3;

/**
 * So long the last snapshots of all partitions that are given back together may take, going by those before: half of it
 * they wait for each other, and consumers have five seconds for their end.
 */
const mostLastMs = 8_000;

/** What a snapshot of each partition of this process costs, so that all of them together leave time for readings. */
export class SnapshotLoad {
  readonly #costsMs = new Map<object, number>();
  /** Partitions that take their last one. */
  readonly #last = new Set<object>();

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

  /**
   * Whether a partition that is given back may take a last snapshot: not when those of all that are given back with it
   * would take so long that leases run out meanwhile. Whoever takes it over has more to replay then, but at once.
   */
  takeLast(partition: object): boolean {
    let sumMs = this.#costsMs.get(partition) ?? 0;
    for (const other of this.#last) sumMs += this.#costsMs.get(other) ?? 0;
    if (sumMs > mostLastMs) return false;
    this.#last.add(partition);
    return true;
  }

  forget(partition: object): void {
    this.#costsMs.delete(partition);
    this.#last.delete(partition);
  }
}
