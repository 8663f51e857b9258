import { logGamma } from '../confidence/beta-distribution.ts';

/** Probability that a Poisson variable of this mean is at least `count`: 1 − Σ e^(−μ) μ^i / i! over i < count. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  if (!(mean > 0)) return 0;
  // Beyond forty deviations nothing is left that a double could hold; this bounds the sum too.
  if (count > mean + 40 * Math.sqrt(mean) + 100) return 0;
  let below = 0;
  for (let i = 0; i < count; i += 1) below += Math.exp(i * Math.log(mean) - mean - logGamma(i + 1));
  return Math.max(0, 1 - below);
}
