import * as tf from '@tensorflow/tfjs-core';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A component must carry this many times the variance of the typical one, which is taken for noise. */
const aboveNoise = 3;
/** At most this share of the dimensions, or the net could copy anything. */
const mostShare = 0.25;
/** Nor may there be more than one per this many windows, or the net would remember instead of learn. */
const windowsPerComponent = 16;

export interface PrincipalComponents {
  readonly count: number;
  /** width × count, row-major, columns of length 1, the one of the largest variance first. */
  readonly basis: Float32Array;
}

/**
 * The directions in which windows vary beyond noise: eigenvectors of their second moments. The windows are
 * scaled around their signals' levels already, so no mean is taken off.
 */
export async function principalComponents(windows: tf.Tensor2D): Promise<PrincipalComponents> {
  const [rows, width] = windows.shape;
  const moments = tf.tidy(() => tf.div(tf.matMul(windows, windows, true, false), Math.max(1, rows)));
  const flat = await moments.data();
  moments.dispose();
  const matrix = new Matrix(width, width);
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j < width; j += 1)
      matrix.set(i, j, ((flat[i * width + j] ?? 0) + (flat[j * width + i] ?? 0)) / 2);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues
    .map((_, index) => index)
    .sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const typical = realEigenvalues[order[width >> 1] ?? 0] ?? 0;
  const strong = order.filter(
    (index) => (realEigenvalues[index] ?? 0) > aboveNoise * Math.max(typical, 1e-9),
  );
  const most = Math.min(Math.floor(width * mostShare), Math.floor(rows / windowsPerComponent));
  const count = Math.max(1, Math.min(strong.length, most));
  const basis = new Float32Array(width * count);
  for (let component = 0; component < count; component += 1) {
    for (let i = 0; i < width; i += 1) {
      basis[i * count + component] = eigenvectorMatrix.get(i, order[component] ?? 0);
    }
  }
  return { count, basis };
}
