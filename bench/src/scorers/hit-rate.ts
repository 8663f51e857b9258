/**
 * Which part of the signals that explain an event stand at the head of a ranking: HitRate@P % looks at the first
 * ⌊P % × number of explaining signals⌋ (Su et al., "Robust Anomaly Detection for Multivariate Time Series through
 * Stochastic Recurrent Neural Network", KDD 2019).
 *
 * @param shares one per signal; equal ones rank in the order of the signals
 * @param explaining the signals that explain the event, counted from 0; at least one
 * @param part 1 = 100 %
 */
export function hitRate(shares: Float64Array, explaining: readonly number[], part: number): number {
  const most = Math.floor(part * explaining.length);
  const ranked = [...shares.keys()].sort((a, b) => (shares[b] ?? 0) - (shares[a] ?? 0) || a - b);
  const head = new Set(ranked.slice(0, most));
  return explaining.filter((signal) => head.has(signal)).length / explaining.length;
}
