import { Matrix } from 'ml-matrix';

/**
 * Covariance shrunk towards a multiple of the identity (Ledoit and Wolf, "A well-conditioned estimator for
 * large-dimensional covariance matrices", Journal of Multivariate Analysis 88, 2004).
 *
 * @param sample rows × signals
 */
export function shrunkCovariance(sample: Matrix): { readonly mean: number[]; readonly covariance: Matrix } {
  const { rows, columns } = sample;
  const mean = sample.mean('column');
  const centered = Matrix.sub(sample, new Matrix(Array.from({ length: rows }, () => mean)));
  const covariance = centered.transpose().mmul(centered).div(rows);
  const level = covariance.trace() / columns;
  const target = Matrix.eye(columns).mul(level);
  const away = Matrix.sub(covariance, target).norm('frobenius') ** 2 / columns;
  // Mean squared distance of single rows' products from the covariance: Σ‖x‖⁴/n − ‖S‖², over n.
  let fourth = 0;
  for (let row = 0; row < rows; row += 1) {
    let square = 0;
    for (let column = 0; column < columns; column += 1) square += centered.get(row, column) ** 2;
    fourth += square ** 2;
  }
  const spread = (fourth / rows - covariance.norm('frobenius') ** 2) / columns / rows;
  const shrinkage = away > 0 ? Math.max(0, Math.min(1, spread / away)) : 1;
  const shrunk = Matrix.add(covariance.mul(1 - shrinkage), target.mul(shrinkage));
  // Signals that are all constant leave nothing to invert.
  return { mean, covariance: Matrix.add(shrunk, Matrix.eye(columns).mul(1e-9)) };
}
