import type { Sign } from '@verdict/contracts';
import { RecentCounts, type RecentCountsState, total } from './recent-counts.ts';
import { signOf } from './sign.ts';

const bins = 64;
const perGeneration = 1000;
/** With 200 p-values a well calibrated model stays below 0.115 in 99 of 100 cases (1.63 / √n). */
const fewest = 200;
const border = 0.15;

/**
 * Largest distance between the distribution of p-values and the uniform one: the Kolmogorov–Smirnov distance
 * sup |F(p) − p|, taken at the borders of `counts.length` equal bins, so at most one bin's width too small.
 * Null without any values.
 */
export function uniformDistance(counts: readonly number[]): number | null {
  const sum = total(counts);
  if (sum === 0) return null;
  let below = 0;
  let distance = 0;
  for (const [bin, count] of counts.entries()) {
    below += count;
    distance = Math.max(distance, Math.abs(below / sum - (bin + 1) / counts.length));
  }
  return distance;
}

/**
 * Whether the model still knows how unlikely readings are: the p-values of unflagged rows of a model that fits are
 * uniform. Active when their distance from uniform lies above 0.15.
 */
export class CalibrationSign {
  readonly #counts: RecentCounts;

  constructor(state?: RecentCountsState) {
    this.#counts = state
      ? RecentCounts.restore(state, bins, perGeneration)
      : new RecentCounts(bins, perGeneration);
  }

  /** The p-value of an unflagged row, 0 to 1; anything else is no p-value and is left out. */
  add(pValue: number): void {
    if (!(pValue >= 0 && pValue <= 1)) return;
    this.#counts.add(Math.min(bins - 1, Math.floor(pValue * bins)));
  }

  /** Many p-values at once, so many per each of 64 equal bins. Throws a RangeError for another number of bins. */
  addCounts(counts: readonly number[]): void {
    this.#counts.addCounts(counts);
  }

  snapshot(): RecentCountsState {
    return this.#counts.snapshot();
  }

  sign(): Sign {
    const counts = this.#counts.counts();
    const seen = total(counts);
    const value = seen >= fewest ? uniformDistance(counts) : null;
    const text =
      value === null
        ? `${seen} p-values so far, at least ${fewest} are needed`
        : `the last ${seen} p-values of unflagged readings are ${value.toFixed(3)} away from uniform (at most ${border})`;
    return signOf({ name: 'calibration', value, border, text });
  }
}
