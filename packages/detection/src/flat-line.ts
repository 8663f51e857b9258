import type { StateReader, StateWriter } from './state-codec.ts';

const fewestReadings = 64;
const shortestRun = 24;
const rarelyMoves = 0.02;
const runLikelihood = 1e-7;
const memory = 512;

/** Notices that a signal which used to move stands still, to the last bit, for long. */
export class FlatLine {
  #last = Number.NaN;
  #run = 0;
  #longest = 1;
  #moveRate = 0;
  #readings = 0;

  /**
   * Run length that is too long: three times the longest one of before, and so long that it would come
   * about by chance (the signal moves with its usual rate) less often than once in ten million readings.
   */
  #limit(): number {
    if (this.#readings < fewestReadings || this.#moveRate < rarelyMoves) return Number.POSITIVE_INFINITY;
    const byChance = Math.log(runLikelihood) / Math.log(1 - Math.min(this.#moveRate, 0.999));
    return Math.max(shortestRun, 3 * this.#longest, byChance);
  }

  /** Takes the newest value. @returns evidence, above 1 = alarm; steep, so that half a run says little. */
  evidence(value: number): number {
    const limit = this.#limit();
    const moved = value !== this.#last;
    if (moved) {
      // A flagged standstill that ended is known from now on, but only by a quarter: it may have been a fault.
      if (this.#run > limit) this.#longest += (this.#run - this.#longest) / 4;
      else this.#longest = Math.max(this.#longest, this.#run);
      this.#run = 0;
      this.#last = value;
    }
    this.#run += 1;
    if (this.#run <= limit) {
      this.#readings += 1;
      this.#moveRate += ((moved ? 1 : 0) - this.#moveRate) / Math.min(this.#readings, memory);
    }
    return (this.#run / limit) ** 4;
  }

  write(to: StateWriter): void {
    for (const value of [this.#last, this.#run, this.#longest, this.#moveRate, this.#readings]) to.f64(value);
  }

  read(from: StateReader): void {
    this.#last = from.f64();
    this.#run = from.f64();
    this.#longest = from.f64();
    this.#moveRate = from.f64();
    this.#readings = from.f64();
  }
}
