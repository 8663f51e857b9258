import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A component must carry this many times the variance of the typical one, which is taken for noise. */
const aboveNoise = 3;
/** At most this share of the dimensions, or the net could copy anything. */
const mostShare = 0.25;
/** Nor may there be more than one per this many windows, or the net would remember instead of learn. */
const windowsPerComponent = 16;
const smallestVariance = 1e-9;

export interface PrincipalComponents {
  readonly count: number;
  /** width × count, row-major, columns of length 1, the one of the largest variance first. */
  readonly basis: Float32Array;
}

/**
 * The directions in which windows vary beyond noise: eigenvectors of their second moments. The windows are
 * scaled around their signals' levels already, so no mean is taken off.
 *
 * With fewer windows than dimensions the decomposition is that of the windows' products with each other,
 * which has the same eigenvalues and is smaller.
 */
export async function principalComponents(windows: tf.Tensor2D): Promise<PrincipalComponents> {
  const [rows, width] = windows.shape;
  const small = rows < width;
  const { values, vectors } = await symmetricEigen(windows, small);
  const order = values.map((_, index) => index).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const typical = values[order[order.length >> 1] ?? 0] ?? 0;
  const strong = order.filter(
    (index) => (values[index] ?? 0) > aboveNoise * Math.max(typical, smallestVariance),
  );
  const most = Math.min(Math.floor(width * mostShare), Math.floor(rows / windowsPerComponent));
  const chosen = order.slice(0, Math.max(1, Math.min(strong.length, most)));
  const picked = chosen.flatMap((index) => vectors.getColumn(index));
  const basis = tf.tidy(() => {
    const found = tf.transpose(tf.tensor2d(picked, [chosen.length, vectors.rows]));
    const directions = small ? tf.matMul(windows, found, true, false) : found;
    return tf.div(directions, tf.maximum(tf.sqrt(tf.sum(tf.square(directions), 0, true)), 1e-12));
  });
  const result = { count: chosen.length, basis: Float32Array.from(await basis.data()) };
  basis.dispose();
  return result;
}

/** Eigenvalues of XᵀX / rows, by way of XXᵀ / rows if `small`; vectors in columns, of the matrix used. */
async function symmetricEigen(
  x: tf.Tensor2D,
  small: boolean,
): Promise<{ values: number[]; vectors: Matrix }> {
  const moments = tf.tidy(() => tf.div(tf.matMul(x, x, !small, small), Math.max(1, x.shape[0])));
  const flat = await moments.data();
  const [size = 0] = moments.shape;
  moments.dispose();
  const matrix = new Matrix(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1)
      matrix.set(i, j, ((flat[i * size + j] ?? 0) + (flat[j * size + i] ?? 0)) / 2);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
}
