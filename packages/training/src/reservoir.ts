import type { SeededRandom } from './seeded-random.ts';

/** A uniform sample of a stream of rows of unknown length (algorithm R, Vitter 1985). */
export class Reservoir {
  #rows: Float32Array;
  readonly #capacity: number;
  readonly #width: number;
  readonly #random: SeededRandom;
  /** Rows that came by. */
  offered = 0;

  /** @param capacity rows kept at most @param width numbers per row */
  constructor(capacity: number, width: number, random: SeededRandom) {
    this.#rows = new Float32Array(Math.min(capacity, 64) * width);
    this.#capacity = capacity;
    this.#width = width;
    this.#random = random;
  }

  offer(row: Float32Array): void {
    this.offered += 1;
    const slot =
      this.offered <= this.#capacity ? this.offered - 1 : Math.floor(this.#random.next() * this.offered);
    if (slot >= this.#capacity) return;
    const end = (slot + 1) * this.#width;
    if (end > this.#rows.length) this.#grow();
    this.#rows.set(row, slot * this.#width);
  }

  #grow(): void {
    const rows = new Float32Array(Math.min(2 * this.#rows.length, this.#capacity * this.#width));
    rows.set(this.#rows);
    this.#rows = rows;
  }

  /** The rows that were kept, one behind the other. */
  taken(): Float32Array {
    return this.#rows.slice(0, Math.min(this.offered, this.#capacity) * this.#width);
  }
}
