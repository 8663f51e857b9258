import * as tf from '@tensorflow/tfjs-core';
import { errorTail, hideNewestRows, type ModelCalibration, quantile } from '@verdict/detection';
import type { Autoencoder } from './autoencoder.ts';

/** What a net's errors are like on windows it was not fitted to. */
export interface ErrorMeasure {
  readonly calibration: ModelCalibration;
  /** The 63 inner 64-quantiles of |value − expected| of newest rows that were hidden, scaled, ascending. */
  readonly errors: readonly number[];
}

const referenceParts = 64;

/** How large the net's errors are on windows it was not fitted to. */
export async function measureErrors(
  net: Autoencoder,
  windows: Float32Array,
  { window, width }: { window: number; width: number },
): Promise<ErrorMeasure> {
  const size = window * width;
  const count = windows.length / size;
  const hiddenRows = windows.slice();
  hideNewestRows(hiddenRows, window, width);
  const shape: [number, number] = [count, size];
  const [rowErrors, windowErrors] = tf.tidy(() => {
    const target = tf.tensor2d(windows, shape);
    const expected = tf.sub(net.predict(tf.tensor2d(hiddenRows, shape)), target) as tf.Tensor2D;
    const newest = tf.abs(tf.slice(expected, [0, size - width], [count, width]));
    const whole = tf.sqrt(tf.mean(tf.square(tf.sub(net.predict(target), target)), 1));
    return [newest, whole];
  });
  const rows = (await rowErrors.data<'float32'>()).slice().sort();
  const whole = errorTail((await windowErrors.data<'float32'>()).slice().sort());
  tf.dispose([rowErrors, windowErrors]);
  const errors = Array.from({ length: referenceParts - 1 }, (_, part) =>
    Math.fround(quantile(rows, (part + 1) / referenceParts)),
  );
  return { calibration: { row: errorTail(rows), window: whole }, errors };
}

/** The steps from the row before to the newest row of windows, scaled. */
export function newestSteps(
  windows: Float32Array,
  { window, width }: { window: number; width: number },
): number[] {
  const steps: number[] = [];
  for (let end = window * width; end <= windows.length; end += window * width) {
    for (let at = end - width; at < end; at += 1)
      steps.push((windows[at] ?? Number.NaN) - (windows[at - width] ?? Number.NaN));
  }
  return steps;
}
