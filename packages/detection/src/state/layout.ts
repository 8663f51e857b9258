/**
 * Hands out the places of a component's fields, in the order in which they are asked for. Every part of the state is a
 * module with a layout, functions over (memory, at), and its size in words; `at` is the component's first word.
 *
 * A field's place is an index relative to the component in numbers of its own kind:
 * `f32[at + place]`, `i32[at + place]`, `f64[(at >> 1) + place]`, `u16[(at << 1) + place]`, `u8[(at << 2) + place]`.
 * The memory of something never seen is all zeros, so zeros must be what a component starts with.
 */
export class Layout {
  #bytes = 0;
  #doubles = false;

  /** Size in words of 4 bytes; even if there are doubles in it. */
  get words(): number {
    const even = this.#doubles ? 2 : 1;
    return even * Math.ceil(this.#bytes / (4 * even));
  }

  /** For times, and where 24 bits are too few. */
  doubles(count = 1): number {
    this.#doubles = true;
    return this.#take(8, count);
  }

  floats(count = 1): number {
    return this.#take(4, count);
  }

  /** Whole numbers up to 2³¹ − 1. */
  counters(count = 1): number {
    return this.#take(4, count);
  }

  /** Whole numbers up to 65,535. */
  shorts(count: number): number {
    return this.#take(2, count);
  }

  /** Whole numbers up to 255. */
  bytes(count: number): number {
    return this.#take(1, count);
  }

  /** Another component without doubles as a part of this one. @returns its first word, relative to this one's */
  part(words: number): number {
    return this.#take(4, words);
  }

  /** Another component with doubles, of an even number of words, likewise. */
  partWithDoubles(words: number): number {
    return 2 * this.doubles(words / 2);
  }

  #take(size: number, count: number): number {
    const place = Math.ceil(this.#bytes / size);
    this.#bytes = size * (place + count);
    return place;
  }
}
