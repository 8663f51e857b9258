import { builtInCalibration, type DetectionModel } from '../detection-model.ts';
import { addError, errorThreshold } from '../signal/error-histogram.ts';
import { excessesBeyond, tailThreshold } from '../signal/error-tail.ts';
import type { Memory } from '../state/memory.ts';

/** Share of quiet readings whose newest value may alarm, per signal. */
const rowProbability = 4e-4;
/** Likewise for the rules, whose errors on moving signals have short tails: the threshold errs on the quiet side. */
const ruleProbability = 1e-3;
/** Likewise for whole windows; smaller, because neighbouring windows alarm together. */
const windowProbability = 5e-6;
/** A band is never narrower than this many robust deviations: noise-free signals need not be exact. */
const narrowestBand = 0.1;
/** Where frequent alarms are learnt from, one error counts at most as this many thresholds. */
const errorCap = 4;
/** So that the borders of an error's bin are floats. */
const largest = 2.5e38;

const ruleBandDeviations = tailThreshold(builtInCalibration.row, rowProbability);

/** Half width of the band around a level that no calibration stands behind. */
export function ruleBand(deviation: number): number {
  return ruleBandDeviations * deviation;
}

/** What is unusually large for a model's errors: from what is known of them in general, and what a unit's own are. */
export class Thresholds {
  readonly #rowExcesses: number;
  readonly #windowExcesses = excessesBeyond(windowProbability);
  readonly #row: { readonly border: number; readonly excess: number; unit: number };
  readonly #window: { readonly border: number; readonly excess: number; readonly unit: number };

  constructor({ network, calibration }: Pick<DetectionModel, 'network' | 'calibration'>) {
    this.#rowExcesses = excessesBeyond(network === null ? ruleProbability : rowProbability);
    this.#row = { border: calibration.row.border, excess: calibration.row.excess, unit: 1 };
    this.#window = { border: calibration.window.border, excess: calibration.window.excess, unit: 1 };
  }

  /** Half width of the band around the expected value, in the unit of the signal. @param at row errors */
  band(memory: Memory, at: number, deviation: number): number {
    this.#row.unit = deviation;
    return Math.max(errorThreshold(memory, at, this.#row, this.#rowExcesses), narrowestBand * deviation);
  }

  /** Root mean square of a scaled window's residuals from which it alarms. @param at window errors */
  window(memory: Memory, at: number): number {
    return Math.max(errorThreshold(memory, at, this.#window, this.#windowExcesses), narrowestBand);
  }
}

/** @param threshold what the error was compared with @param error `NaN`: nothing to learn */
export function learnError(memory: Memory, at: number, error: number, threshold: number): void {
  if (error >= 0) addError(memory, at, Math.min(error, errorCap * threshold, largest), threshold);
}
