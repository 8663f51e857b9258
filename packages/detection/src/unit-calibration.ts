import { builtInCalibration, type DetectionModel } from './detection-model.ts';
import { ErrorCalibration, tailThreshold } from './error-calibration.ts';
import type { StateReader, StateWriter } from './state-codec.ts';

/** Share of quiet readings whose newest value may alarm, per signal. */
const rowProbability = 4e-4;
/** Likewise for the rules, whose errors on moving signals have short tails: the threshold errs on the quiet side. */
const ruleProbability = 1e-3;
/** Likewise for whole windows; smaller, because neighbouring windows alarm together. */
const windowProbability = 2e-5;
/** A band is never narrower than this many robust deviations: noise-free signals need not be exact. */
const narrowestBand = 0.1;
/** Where frequent alarms are learnt from, one error counts at most as this many thresholds. */
const errorCap = 4;
const largest = 3.4e38;

/** Half width of the band around a level that no calibration stands behind. */
export function ruleBand(deviation: number): number {
  return tailThreshold(builtInCalibration.row, rowProbability) * deviation;
}

/** What belongs to a unit and a model version together: how large that version's errors usually are here. */
export class UnitCalibration {
  readonly #rows: ErrorCalibration[];
  readonly #window = new ErrorCalibration();

  constructor(width: number) {
    this.#rows = Array.from({ length: width }, () => new ErrorCalibration());
  }

  get provisional(): boolean {
    return this.#rows.every((row) => row.provisional);
  }

  /** Half width of the band around the expected value, in the unit of the signal. */
  band(model: DetectionModel, column: number, deviation: number): number {
    const probability = model.network === null ? ruleProbability : rowProbability;
    const own = this.#rows[column]?.threshold(model.calibration.row, deviation, probability) ?? 0;
    return Math.max(own, narrowestBand * deviation);
  }

  /** Root mean square of a scaled window's residuals from which it alarms. */
  windowThreshold(model: DetectionModel): number {
    return Math.max(this.#window.threshold(model.calibration.window, 1, windowProbability), narrowestBand);
  }

  learnRow(column: number, error: number, band: number): void {
    if (error >= 0) this.#rows[column]?.add(Math.min(error, errorCap * band, largest));
  }

  learnWindow(error: number, threshold: number): void {
    if (error >= 0) this.#window.add(Math.min(error, errorCap * threshold));
  }

  write(to: StateWriter): void {
    for (const row of this.#rows) row.write(to);
    this.#window.write(to);
  }

  read(from: StateReader): void {
    for (const row of this.#rows) row.read(from);
    this.#window.read(from);
  }
}
