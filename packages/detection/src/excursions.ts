import type { StateReader, StateWriter } from './state-codec.ts';

/** Excursions that must have been seen before they say what is usual. */
const fewest = 4;
const memory = 32;

/**
 * How far a signal that mostly rests (a disk that is seldom read) goes when it does move: the mean of the highest
 * points of its excursions. One excursion counts once, however long it lasts, and flagged ones count too: what comes
 * back again and again is the habit of such a signal, and its quantiles cannot tell.
 */
export class Excursions {
  #count = 0;
  #mean = 0;
  /** Highest point of the excursion under way; 0 = at rest. */
  #present = 0;

  /** Distance that is usual; 0 until enough excursions have been seen. */
  get usual(): number {
    return this.#count < fewest ? 0 : this.#mean;
  }

  /** @param distance from the level, at least 0. @param rest distances up to this one are rest */
  observe(distance: number, rest: number): void {
    if (distance > rest) {
      this.#present = Math.max(this.#present, distance);
      return;
    }
    if (this.#present === 0) return;
    this.#count = Math.min(this.#count + 1, memory);
    this.#mean += (this.#present - this.#mean) / this.#count;
    this.#present = 0;
  }

  write(to: StateWriter): void {
    for (const value of [this.#count, this.#mean, this.#present]) to.f64(value);
  }

  read(from: StateReader): void {
    this.#count = from.f64();
    this.#mean = from.f64();
    this.#present = from.f64();
  }
}
