/** Keys with the time at which each is due; the earliest first. A key stands in it once. */
export class DelayHeap<Key> {
  readonly #heap: { key: Key; dueMs: number }[] = [];
  readonly #places = new Map<Key, number>();

  get size(): number {
    return this.#heap.length;
  }

  /** When the first key is due; undefined if there is none. */
  get firstDueMs(): number | undefined {
    return this.#heap[0]?.dueMs;
  }

  /** Adds a key; one that is there already can only come earlier. */
  add(key: Key, dueMs: number): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#heap.push({ key, dueMs });
      this.#places.set(key, this.#heap.length - 1);
      this.#up(this.#heap.length - 1);
      return;
    }
    const entry = this.#at(place);
    if (entry.dueMs <= dueMs) return;
    entry.dueMs = dueMs;
    this.#up(place);
  }

  /** Removes the first key if it is due by then. */
  takeDue(nowMs: number): Key | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.dueMs > nowMs) return undefined;
    const last = this.#heap.pop();
    this.#places.delete(first.key);
    if (last !== undefined && last !== first) {
      this.#heap[0] = last;
      this.#places.set(last.key, 0);
      this.#down(0);
    }
    return first.key;
  }

  clear(): void {
    this.#heap.length = 0;
    this.#places.clear();
  }

  #at(place: number): { key: Key; dueMs: number } {
    const entry = this.#heap[place];
    if (entry === undefined) throw new Error(`no entry at ${place} of the delay heap`);
    return entry;
  }

  #swap(one: number, other: number): void {
    const first = this.#at(one);
    const second = this.#at(other);
    this.#heap[one] = second;
    this.#heap[other] = first;
    this.#places.set(second.key, one);
    this.#places.set(first.key, other);
  }

  #up(from: number): void {
    for (let place = from; place > 0; ) {
      const parent = (place - 1) >> 1;
      if (this.#at(parent).dueMs <= this.#at(place).dueMs) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #down(from: number): void {
    for (let place = from; ; ) {
      let least = place;
      for (const child of [2 * place + 1, 2 * place + 2])
        if (child < this.#heap.length && this.#at(child).dueMs < this.#at(least).dueMs) least = child;
      if (least === place) return;
      this.#swap(place, least);
      place = least;
    }
  }
}
