/** What the newest snapshot of each partition of this process cost, so that all of them together leave time for readings. */
export class SnapshotLoad {
  readonly #costsMs = new Map<object, number>();

  /** Of all partitions that are running. */
  get totalMs(): number {
    let sum = 0;
    for (const costMs of this.#costsMs.values()) sum += costMs;
    return sum;
  }

  note(partition: object, costMs: number): void {
    this.#costsMs.set(partition, costMs);
  }

  forget(partition: object): void {
    this.#costsMs.delete(partition);
  }
}
