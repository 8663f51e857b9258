/** What a score in [0, 1] says for an anomaly against none: the evidence that it was made of, 1 at the border. */
export function odds(score: number): number {
  return score / Math.max(1 - score, 1e-9);
}
