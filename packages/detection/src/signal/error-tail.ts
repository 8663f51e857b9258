import type { ErrorTail } from '../detection-model.ts';
import { quantile } from './quantile.ts';

/** Share of errors above the border of a tail. */
export const tailShare = 0.1;
/** Share above the border of its far part. */
export const farShare = 0.03;
/** About the probability that thresholds are made for. */
const rare = 2e-4;

/**
 * The tail of some errors. Where the far tail is heavier than the near one says (the mean excess grows with
 * the border), the excess is raised until the tail passes through what the far one says of rare errors.
 *
 * @param sorted ascending, not empty
 */
export function errorTail(sorted: ArrayLike<number>): ErrorTail {
  const border = quantile(sorted, 1 - tailShare);
  const farBorder = quantile(sorted, 1 - farShare);
  const near = meanExcess(sorted, tailShare);
  return { border, excess: heavierExcess({ border, near, farBorder, far: meanExcess(sorted, farShare) }) };
}

/** @param parts borders of the near and the far tail, and how far errors beyond each exceed it on average */
export function heavierExcess(parts: {
  readonly border: number;
  readonly near: number;
  readonly farBorder: number;
  readonly far: number;
}): number {
  const atRare = parts.farBorder + parts.far * Math.log(farShare / rare);
  return Math.max(parts.near, (atRare - parts.border) / Math.log(tailShare / rare));
}

/** How far the upper `share` of sorted errors lies above its border on average. */
function meanExcess(sorted: ArrayLike<number>, share: number): number {
  const border = quantile(sorted, 1 - share);
  const from = Math.ceil((1 - share) * (sorted.length - 1));
  let sum = 0;
  for (let i = from; i < sorted.length; i += 1) sum += (sorted[i] ?? border) - border;
  return sum / (sorted.length - from);
}

/** How many excesses above the border a threshold of this probability lies, see {@link tailThreshold}. */
export function excessesBeyond(probability: number): number {
  return Math.log(tailShare / probability);
}

/**
 * The error that a fraction `probability` of quiet readings exceeds: peaks over threshold with an
 * exponential tail, the case of shape 0 in Siffer et al., "Anomaly Detection in Streams with Extreme Value
 * Theory", KDD 2017. Lighter tails than that (normal noise) make it err on the quiet side.
 */
export function tailThreshold(tail: ErrorTail, probability: number): number {
  return tail.border + tail.excess * excessesBeyond(probability);
}
