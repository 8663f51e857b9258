interface Waiting<T, R> {
  item: T;
  resolve(result: R): void;
  reject(reason: unknown): void;
}

/**
 * Gathers what arrives while a commit is under way into the next one, so that many senders share one fsync.
 * At most one commit runs at a time, items keep their order, and each item's promise settles with its commit.
 */
export class GroupCommit<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #isRunning = false;
  /** Settles with the newest item, never rejects. */
  #newest: Promise<unknown> = Promise.resolve();
  readonly #commit: (items: T[]) => Promise<R[]>;
  readonly #maxItems: number;

  /**
   * @param commit makes the items durable, all or none, and returns one result per item
   * @param maxItems the most items of one commit
   */
  constructor(commit: (items: T[]) => Promise<R[]>, maxItems = 128) {
    this.#commit = commit;
    this.#maxItems = maxItems;
  }

  submit(item: T): Promise<R> {
    const settled = new Promise<R>((resolve, reject) => this.#waiting.push({ item, resolve, reject }));
    this.#newest = settled.catch(() => undefined); // who submitted it hears of its failure
    if (!this.#isRunning) void this.#run();
    return settled;
  }

  /** Resolves when everything submitted before the call has settled. */
  async idle(): Promise<void> {
    await this.#newest;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await Promise.resolve(); // lets the rest of the tick's items join
      const group = this.#waiting.splice(0, this.#maxItems);
      try {
        const results = await this.#commit(group.map(({ item }) => item));
        for (const [index, waiting] of group.entries()) waiting.resolve(results[index] as R);
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    this.#isRunning = false;
  }
}
