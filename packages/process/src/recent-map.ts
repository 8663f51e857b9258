/**
 * A map that holds at most so many entries: what was set longest ago is forgotten first. Reading leaves the order as it
 * is; whoever wants an entry to stay because it was used sets it again.
 */
export class RecentMap<K, V> {
  readonly #most: number;
  /** The one set longest ago stands first. */
  readonly #entries = new Map<K, V>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  /** The entry is the most recent one now. */
  set(key: K, value: V): void {
    // A map keeps the place that a key was first given.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#most) return;
    const oldest = this.#entries.keys().next();
    if (!oldest.done) this.#entries.delete(oldest.value);
  }

  delete(key: K): void {
    this.#entries.delete(key);
  }
}
