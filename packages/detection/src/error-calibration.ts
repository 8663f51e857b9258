import { DecimatedSample, quantile } from './decimated-sample.ts';
import type { ErrorTail } from './detection-model.ts';
import type { StateReader, StateWriter } from './state-codec.ts';

/** Own errors that weigh as much as what the model says about errors in general. */
const priorWeight = 16;
const fewestErrors = 16;
const refreshEvery = 8;
const tailShare = 0.1;

/** Own errors from which a calibration stands on its own feet. */
export const enoughErrors = 64;

/** The tail of some errors. @param sorted ascending, not empty */
export function errorTail(sorted: ArrayLike<number>): ErrorTail {
  const border = quantile(sorted, 1 - tailShare);
  const from = Math.ceil((1 - tailShare) * (sorted.length - 1));
  let sum = 0;
  for (let i = from; i < sorted.length; i += 1) sum += (sorted[i] ?? border) - border;
  return { border, excess: sum / (sorted.length - from) };
}

/**
 * The error that a fraction `probability` of quiet readings exceeds: peaks over threshold with an
 * exponential tail, the case of shape 0 in Siffer et al., "Anomaly Detection in Streams with Extreme Value
 * Theory", KDD 2017. Lighter tails than that (normal noise) make it err on the quiet side.
 */
export function tailThreshold(tail: ErrorTail, probability: number): number {
  return tail.border + tail.excess * Math.log(tailShare / probability);
}

/** Learns how large one kind of error of one unit is when nothing is wrong. */
export class ErrorCalibration {
  readonly #sample = new DecimatedSample(256, 4);
  #border = 0;
  #excess = 0;
  #waiting = 0;

  get provisional(): boolean {
    return this.#sample.count < enoughErrors;
  }

  add(error: number): void {
    const taken = this.#sample.takesNext;
    this.#sample.add(error);
    if (!taken) return;
    this.#waiting += 1;
    if (this.#waiting < refreshEvery || this.#sample.count < fewestErrors) return;
    this.#waiting = 0;
    const { border, excess } = errorTail(this.#sample.sorted());
    this.#border = border;
    this.#excess = excess;
  }

  /**
   * @param prior the model's tail of this error
   * @param unit what 1 of the prior is in the unit of the errors
   */
  threshold(prior: ErrorTail, unit: number, probability: number): number {
    const own = this.#sample.count < fewestErrors ? 0 : this.#sample.count;
    const weight = own / (own + priorWeight);
    const border = weight * this.#border + (1 - weight) * prior.border * unit;
    const excess = weight * this.#excess + (1 - weight) * prior.excess * unit;
    return tailThreshold({ border, excess }, probability);
  }

  write(to: StateWriter): void {
    this.#sample.write(to);
    to.f64(this.#border);
    to.f64(this.#excess);
    to.u32(this.#waiting);
  }

  read(from: StateReader): void {
    this.#sample.read(from);
    this.#border = from.f64();
    this.#excess = from.f64();
    this.#waiting = from.u32(refreshEvery + fewestErrors);
  }
}
