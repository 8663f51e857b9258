import { DecimatedSample, quantile } from './decimated-sample.ts';
import type { ErrorTail } from './detection-model.ts';
import type { StateReader, StateWriter } from './state-codec.ts';

/** Own errors that weigh as much as what the model says about errors in general. */
const priorWeight = 16;
const fewestErrors = 16;
const refreshEvery = 8;
const tailShare = 0.1;
const farShare = 0.03;
/** About the probability that thresholds are made for. */
const rare = 2e-4;

/** Own errors from which a calibration stands on its own feet. */
export const enoughErrors = 64;

/**
 * The tail of some errors. Where the far tail is heavier than the near one says (the mean excess grows with
 * the border), the excess is raised until the tail passes through what the far one says of rare errors.
 *
 * @param sorted ascending, not empty
 */
export function errorTail(sorted: ArrayLike<number>): ErrorTail {
  const border = quantile(sorted, 1 - tailShare);
  const near = meanExcess(sorted, tailShare);
  const far = quantile(sorted, 1 - farShare) + meanExcess(sorted, farShare) * Math.log(farShare / rare);
  return { border, excess: Math.max(near, (far - border) / Math.log(tailShare / rare)) };
}

/** How far the upper `share` of sorted errors lies above its border on average. */
function meanExcess(sorted: ArrayLike<number>, share: number): number {
  const border = quantile(sorted, 1 - share);
  const from = Math.ceil((1 - share) * (sorted.length - 1));
  let sum = 0;
  for (let i = from; i < sorted.length; i += 1) sum += (sorted[i] ?? border) - border;
  return sum / (sorted.length - from);
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
