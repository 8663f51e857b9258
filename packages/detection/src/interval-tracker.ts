import type { StateReader, StateWriter } from './state-codec.ts';

const capacity = 16;
const fewest = 8;

/** Knows the typical time between readings and so what a gap is. */
export class IntervalTracker {
  readonly #intervals = new Float64Array(capacity);
  #count = 0;
  #newest = Number.NaN;

  /** Takes the time of the newest reading. @returns whether a gap lies before it. */
  isGap(time: number, gapIntervals: number): boolean {
    const interval = time - this.#newest;
    this.#newest = time;
    if (!(interval > 0)) return false;
    const gap =
      this.#count >= fewest &&
      interval > gapIntervals * this.#smallest() &&
      this.#exceeds(interval, gapIntervals);
    this.#intervals[this.#count % capacity] = interval;
    this.#count += 1;
    return gap;
  }

  #known(): Float64Array {
    return this.#intervals.subarray(0, Math.min(this.#count, capacity));
  }

  #smallest(): number {
    let smallest = Number.POSITIVE_INFINITY;
    for (const interval of this.#known()) smallest = Math.min(smallest, interval);
    return smallest;
  }

  #exceeds(interval: number, gapIntervals: number): boolean {
    const sorted = this.#known().slice().sort();
    return interval > gapIntervals * (sorted[sorted.length >> 1] ?? interval);
  }

  write(to: StateWriter): void {
    to.f64(this.#count);
    to.f64(this.#newest);
    to.doubles(this.#intervals, Math.min(this.#count, capacity));
  }

  read(from: StateReader): void {
    this.#count = from.f64();
    this.#newest = from.f64();
    from.doubles(this.#intervals, Math.min(this.#count, capacity));
  }
}
