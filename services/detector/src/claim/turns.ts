/** One at a time: whoever waits longest is next. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, with the function that ends it; it may be called more than once. */
  async take(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    return resolve;
  }

  /** Acts when it is the caller's turn, which ends with the act. */
  async during<T>(act: () => Promise<T>): Promise<T> {
    const end = await this.take();
    try {
      return await act();
    } finally {
      end();
    }
  }
}
