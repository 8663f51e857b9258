/**
 * Whose turn it is to score: one partition of a process at a time, whoever waits longest next. All of them share one
 * thread, so taking turns within a batch would only make every batch end as late as the last one. Like this, what comes
 * meanwhile for those that wait goes into one larger batch, and the state of one partition stays in the cache.
 */
export class ScoringTurns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, with the function that ends it; it may be called more than once. */
  async take(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }
}
