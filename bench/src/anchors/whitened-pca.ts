import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { anchorWarmupRows, type Rows, valueAt } from './warm-up.ts';

/** Variance below which a direction counts as having this much, relative to the mean one. */
const leastVariance = 1e-3;
/** Deviation that a signal has at least; the sets that this anchor is for hold values in [0, 1]. */
const leastDeviation = 0.01;

/**
 * An anchor: principal components of single rows, each signal standardised, all components kept and divided by their
 * own deviation; fitted on the first rows, which get 0, and frozen. The score is the length of what comes out.
 */
export function whitenedPca(rows: Rows): Float64Array {
  const { width, count } = rows;
  const fitted = Math.min(anchorWarmupRows, count);
  const scales = Array.from({ length: width }, (_, column) => {
    let [sum, squares] = [0, 0];
    for (let row = 0; row < fitted; row += 1) {
      const value = valueAt(rows, row, column);
      sum += value;
      squares += value * value;
    }
    const mean = sum / fitted;
    const deviation = Math.sqrt(Math.max(0, squares / fitted - mean * mean));
    return { mean, deviation: Math.max(deviation, leastDeviation) };
  });
  const scaled = (row: number) =>
    scales.map(({ mean, deviation }, column) => (valueAt(rows, row, column) - mean) / deviation);
  const sample = new Matrix(Array.from({ length: fitted }, (_, row) => scaled(row)));
  const covariance = sample.transpose().mmul(sample).div(fitted);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, {
    assumeSymmetric: true,
  });
  const floor = leastVariance * Math.max(covariance.trace() / width, 1e-9);
  const lengths = new Float64Array(count);
  for (let row = fitted; row < count; row += 1) {
    const values = scaled(row);
    let sum = 0;
    for (let component = 0; component < width; component += 1) {
      let projected = 0;
      for (let column = 0; column < width; column += 1)
        projected += (values[column] ?? 0) * eigenvectorMatrix.get(column, component);
      sum += projected ** 2 / Math.max(realEigenvalues[component] ?? 0, floor);
    }
    lengths[row] = Math.sqrt(sum);
  }
  return lengths;
}
