import { inverse, Matrix } from 'ml-matrix';
import { shrunkCovariance } from './shrunk-covariance.ts';
import { anchorWarmupRows, quantileOf, type Rows, valueAt } from './warm-up.ts';

const clipAt = 8;
/** Span that a signal has at least; the sets that this anchor is for hold values in [0, 1]. */
const leastSpan = 0.1;

/**
 * An anchor: Mahalanobis distance of single rows, each signal scaled by its median and 5 to 95 % span, with a shrunk
 * covariance; fitted on the first rows, which get 0, and frozen.
 */
export function robustMahalanobis(rows: Rows): Float64Array {
  const { width, count } = rows;
  const fitted = Math.min(anchorWarmupRows, count);
  const scales = Array.from({ length: width }, (_, column) => {
    const sorted = Float64Array.from({ length: fitted }, (_, row) => valueAt(rows, row, column)).sort();
    const span = quantileOf(sorted, 0.95) - quantileOf(sorted, 0.05);
    return { center: quantileOf(sorted, 0.5), span: Math.max(span, leastSpan) };
  });
  const scaled = (row: number) =>
    scales.map(({ center, span }, column) => {
      const value = (valueAt(rows, row, column) - center) / span;
      return Math.max(-clipAt, Math.min(clipAt, value));
    });
  const sample = new Matrix(Array.from({ length: fitted }, (_, row) => scaled(row)));
  const { mean, covariance } = shrunkCovariance(sample);
  const precision = inverse(covariance);
  const distances = new Float64Array(count);
  for (let row = fitted; row < count; row += 1) {
    const offset = scaled(row).map((value, column) => value - (mean[column] ?? 0));
    let sum = 0;
    for (let a = 0; a < width; a += 1) {
      let part = 0;
      for (let b = 0; b < width; b += 1) part += precision.get(a, b) * (offset[b] ?? 0);
      sum += part * (offset[a] ?? 0);
    }
    distances[row] = Math.sqrt(Math.max(0, sum));
  }
  return distances;
}
