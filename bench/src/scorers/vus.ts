import type { RowSpan } from './row-span.ts';

const thresholds = 250;

/**
 * Volumes under the surfaces of range-based curves, as TSB-AD computes them (Paparrizos et al., "Volume Under the
 * Surface", PVLDB 15, 2022; the optimised form with 250 thresholds): labels are widened by a slope on each side, of
 * every width from 0 to half the window, and the areas of all widths are averaged.
 *
 * @param labels spans in ascending order, apart from each other
 * @param window the largest buffer, in rows
 */
export function vus(
  score: Float64Array,
  labels: readonly RowSpan[],
  window: number,
): { readonly pr: number; readonly roc: number } {
  const rows = score.length;
  const bins = thresholdBins(score);
  const labelled = new Uint8Array(rows);
  for (const [first, last] of labels) labelled.fill(1, first, last + 1);
  const count = labelled.reduce((sum, one) => sum + one, 0);
  const predicted = cumulated(bins, () => 1);
  const hits = cumulated(bins, (row) => labelled[row] ?? 0);
  let [pr, roc] = [0, 0];
  for (let width = 0; width <= window; width += 1) {
    const slope = slopes(rows, labels, labelled, width);
    const near = cumulated(bins, (row) => slope[row] ?? 0);
    const segments = merged(labels, Math.floor(width / 2), rows);
    const seen = new Float64Array(thresholds);
    for (const [first, last] of segments) {
      let earliest = thresholds;
      for (let row = first; row <= last; row += 1) earliest = Math.min(earliest, bins[row] ?? thresholds);
      if (earliest < thresholds) seen[earliest] = (seen[earliest] ?? 0) + 1;
    }
    let existing = 0;
    let before = { tpr: 0, fpr: 0 };
    for (let at = 0; at < thresholds; at += 1) {
      existing += seen[at] ?? 0;
      const right = (hits[at] ?? 0) + (near[at] ?? 0);
      // The mean of what is labelled and what is labelled or found near it.
      const positives = (count + count + (near[at] ?? 0)) / 2;
      const tpr = Math.min(right / positives, 1) * (existing / segments.length);
      const fpr = ((predicted[at] ?? 0) - right) / (rows - positives);
      pr += (tpr - before.tpr) * (right / (predicted[at] ?? 1));
      roc += ((fpr - before.fpr) * (tpr + before.tpr)) / 2;
      before = { tpr, fpr };
    }
    roc += ((1 - before.fpr) * (1 + before.tpr)) / 2;
  }
  return { pr: pr / (window + 1), roc: roc / (window + 1) };
}

/** Number of the first of the thresholds at which each row is predicted. */
function thresholdBins(score: Float64Array): Int32Array {
  const sorted = score.slice().sort().reverse();
  const step = (score.length - 1) / (thresholds - 1);
  const borders = Array.from({ length: thresholds }, (_, at) =>
    at === thresholds - 1 ? (sorted.at(-1) ?? 0) : (sorted[Math.floor(at * step)] ?? 0),
  );
  return Int32Array.from(score, (value) => {
    let [low, high] = [0, thresholds];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value >= (borders[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** Per threshold: the sum over all rows that are predicted at it. */
function cumulated(bins: Int32Array, weight: (row: number) => number): Float64Array {
  const sums = new Float64Array(thresholds);
  bins.forEach((bin, row) => {
    sums[bin] = (sums[bin] ?? 0) + weight(row);
  });
  for (let at = 1; at < thresholds; at += 1) sums[at] = (sums[at] ?? 0) + (sums[at - 1] ?? 0);
  return sums;
}

/** The weight of rows beside labels. */
function slopes(rows: number, labels: readonly RowSpan[], labelled: Uint8Array, width: number): Float64Array {
  const half = Math.floor(width / 2);
  const slope = new Float64Array(rows);
  const raise = (row: number, distance: number) => {
    if (labelled[row] === 1) return;
    slope[row] = Math.min(1, (slope[row] ?? 0) + Math.sqrt(1 - distance / width));
  };
  for (const [first, last] of labels) {
    for (let row = last + 1; row <= Math.min(last + half, rows - 1); row += 1) raise(row, row - last);
    for (let row = Math.max(first - half, 0); row < first; row += 1) raise(row, first - row);
  }
  return slope;
}

/** Labels widened by `half` rows on each side; those that touch are one. */
function merged(labels: readonly RowSpan[], half: number, rows: number): RowSpan[] {
  const spans: [number, number][] = [];
  for (const [first, last] of labels) {
    const [from, to] = [Math.max(first - half, 0), Math.min(last + half, rows - 1)];
    const before = spans.at(-1);
    if (before !== undefined && from <= before[1]) before[1] = to;
    else spans.push([from, to]);
  }
  return spans;
}
