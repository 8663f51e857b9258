import type { ModelReference } from './detection-model.ts';
import type { EngineFigures } from './engine-result.ts';

/** Bins of p-values. */
const pValueBins = 64;
const smallestError = 1e-6;
/** Logarithms are kept to this part, so that their sum is exact and the same in whatever order they come. */
const logStep = 2 ** -20;
/** Errors this close to a quantile, relatively, lie on it: a signal that stands still has one error for ever. */
const closeness = 1e-5;

/** Counts what a version does over the readings of one call. */
export class ReadingFigures {
  readonly #reference: ModelReference | null;
  readonly #pValues: number[];
  readonly #inputs: number[];
  #logSum = 0;
  #logCount = 0;
  readings = 0;
  anomalies = 0;
  alarms = 0;
  quieted = 0;

  constructor(reference: ModelReference | null) {
    this.#reference = reference;
    this.#pValues = reference === null ? [] : new Array<number>(pValueBins).fill(0);
    this.#inputs = reference === null ? [] : new Array<number>(reference.inputs.borders.length + 1).fill(0);
  }

  /**
   * Takes one signal of an unflagged reading, before it is learnt from.
   * @param error |value − expected|, scaled; `NaN` stands for nothing
   * @param step value less the one before, scaled
   * @param turn number of the reading: says which one of several equal places is meant
   */
  note(error: number, step: number, turn: number): void {
    if (Number.isNaN(error)) return;
    this.#logSum += Math.round(Math.log(Math.max(error, smallestError)) / logStep) * logStep;
    this.#logCount += 1;
    if (this.#reference === null) return;
    const { errors, inputs } = this.#reference;
    increment(this.#pValues, pValueBins - 1 - placeAmong(errors, error, turn));
    if (!Number.isNaN(step)) increment(this.#inputs, firstAbove(inputs.borders, step));
  }

  figures(): EngineFigures {
    return {
      readings: this.readings,
      anomalies: this.anomalies,
      alarms: this.alarms,
      quieted: this.quieted,
      pValues: this.#pValues,
      inputs: this.#inputs,
      logResiduals: { sum: this.#logSum, count: this.#logCount },
    };
  }
}

/** Figures of nothing. */
export const noFigures: EngineFigures = {
  readings: 0,
  anomalies: 0,
  alarms: 0,
  quieted: 0,
  pValues: [],
  inputs: [],
  logResiduals: { sum: 0, count: 0 },
};

/** Figures of one version over the readings of two calls. */
export function addFigures(a: EngineFigures, b: EngineFigures): EngineFigures {
  return {
    readings: a.readings + b.readings,
    anomalies: a.anomalies + b.anomalies,
    alarms: a.alarms + b.alarms,
    quieted: a.quieted + b.quieted,
    pValues: addBins(a.pValues, b.pValues),
    inputs: addBins(a.inputs, b.inputs),
    logResiduals: {
      sum: a.logResiduals.sum + b.logResiduals.sum,
      count: a.logResiduals.count + b.logResiduals.count,
    },
  };
}

function addBins(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  if (a.length !== b.length) throw new RangeError(`${a.length} bins and ${b.length} bins have no sum`);
  return a.map((count, bin) => count + (b[bin] ?? 0));
}

/**
 * How many of the quantiles lie below the error. Where several equal ones lie on it, it has as many places; in turn
 * it gets each, so that places are evenly taken even by errors that repeat themselves.
 */
function placeAmong(quantiles: readonly number[], error: number, turn: number): number {
  const below = firstAbove(quantiles, error * (1 - closeness) - smallestError * closeness);
  const upTo = firstAbove(quantiles, error * (1 + closeness) + smallestError * closeness);
  return below + (turn % (upTo - below + 1));
}

/** Index of the first of the ascending numbers that is larger; their count if there is none. */
function firstAbove(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function increment(bins: number[], bin: number): void {
  bins[bin] = (bins[bin] ?? 0) + 1;
}
