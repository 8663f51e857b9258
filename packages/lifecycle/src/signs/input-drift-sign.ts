import type { Sign } from '@verdict/contracts';
import { RecentCounts, type RecentCountsState, total } from './recent-counts.ts';
import { signOf } from './sign.ts';

/** How values were distributed when the model was trained. */
export interface ReferenceBins {
  /** Ascending inner borders; n of them make n + 1 bins, a value on a border belongs to the bin above. */
  readonly borders: readonly number[];
  /** Values per bin, n + 1 counts. */
  readonly counts: readonly number[];
}

const perGeneration = 2000;
/** With 10 bins and 500 values chance makes an index of about 9/500 = 0.02. */
const fewest = 500;
const border = 0.2;

/**
 * Reference bins from a sample: borders at its deciles (fewer bins where values repeat), counts of the sample.
 * Throws a RangeError for a sample without any finite value.
 */
export function referenceBins(sample: readonly number[], bins = 10): ReferenceBins {
  const sorted = sample.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) throw new RangeError('a reference needs values');
  const quantiles = Array.from({ length: bins - 1 }, (_, index) => {
    return sorted[Math.floor(((index + 1) * sorted.length) / bins)] ?? 0;
  });
  // A border at the lowest value would leave nothing below it.
  const borders = [...new Set(quantiles)].filter((value) => value > (sorted[0] ?? value));
  const counts = new Array<number>(borders.length + 1).fill(0);
  for (const value of sorted) counts[binOf(value, borders)] = (counts[binOf(value, borders)] ?? 0) + 1;
  return { borders, counts };
}

/**
 * Population stability index Σ (r − e) · ln(r / e) over the shares e of the reference and r of recent values
 * (Siddiqi, Credit Risk Scorecards, 2006: above 0.1 a shift to watch, above 0.2 to 0.25 a large one). Half a value
 * is added to each count, so that empty bins have a logarithm.
 */
export function stabilityIndex(reference: readonly number[], recent: readonly number[]): number {
  const share = (counts: readonly number[], bin: number) =>
    ((counts[bin] ?? 0) + 0.5) / (total(counts) + counts.length / 2);
  return reference.reduce((sum, _, bin) => {
    const [e, r] = [share(reference, bin), share(recent, bin)];
    return sum + (r - e) * Math.log(r / e);
  }, 0);
}

/** Whether what comes in is distributed otherwise than in training: active above an index of 0.2. */
export class InputDriftSign {
  readonly #reference: ReferenceBins;
  readonly #recent: RecentCounts;

  constructor(reference: ReferenceBins, state?: RecentCountsState) {
    const bins = reference.borders.length + 1;
    this.#reference = reference;
    this.#recent = state
      ? RecentCounts.restore(state, bins, perGeneration)
      : new RecentCounts(bins, perGeneration);
  }

  /** A value in the unit of the reference: scaled as in training, else series of other sizes look like a shift. */
  add(value: number): void {
    if (Number.isFinite(value)) this.#recent.add(binOf(value, this.#reference.borders));
  }

  /** Many values at once, so many per bin of the reference. Throws a RangeError for another number of bins. */
  addCounts(counts: readonly number[]): void {
    this.#recent.addCounts(counts);
  }

  snapshot(): RecentCountsState {
    return this.#recent.snapshot();
  }

  sign(): Sign {
    const recent = this.#recent.counts();
    const seen = total(recent);
    const value = seen >= fewest ? stabilityIndex(this.#reference.counts, recent) : null;
    const text =
      value === null
        ? `${seen} values so far, at least ${fewest} are needed`
        : `the last ${seen} values have a population stability index of ${value.toFixed(3)} (at most ${border})`;
    return signOf({ name: 'input-drift', value, border, text });
  }
}

function binOf(value: number, borders: readonly number[]): number {
  const bin = borders.findIndex((one) => value < one);
  return bin < 0 ? borders.length : bin;
}
