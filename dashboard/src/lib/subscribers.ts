/** Listeners to a thing that changes; each is told after every change, without saying what. */
export class Subscribers {
  readonly #listeners = new Set<() => void>();

  /** Adds a listener; returns the way out. */
  add(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
