import type { ShareEstimate } from '@verdict/contracts';
import { betaQuantile } from './beta-distribution.ts';

/** Jeffreys' prior for a share: Beta(½, ½). */
const prior = 0.5;

/**
 * The share behind `hits` and `misses` (counts or sums of weights, at least 0): mean, 5 % and 95 % points of
 * Beta(½ + hits, ½ + misses). Jeffreys' interval; Brown, Cai and DasGupta, Statistical Science 16 (2001).
 */
export function estimateShare(hits: number, misses: number): ShareEstimate {
  if (!(hits >= 0 && misses >= 0)) throw new RangeError(`a share of ${hits} hits and ${misses} misses`);
  const shape = { a: prior + hits, b: prior + misses };
  return {
    mean: shape.a / (shape.a + shape.b),
    low: betaQuantile(0.05, shape),
    high: betaQuantile(0.95, shape),
  };
}
