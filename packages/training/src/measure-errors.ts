import * as tf from '@tensorflow/tfjs-core';
import { errorTail, hideNewestRows, type ModelCalibration } from '@verdict/detection';
import type { Autoencoder } from './autoencoder.ts';

/** How large the net's errors are on windows it was not fitted to. */
export async function measureErrors(
  net: Autoencoder,
  windows: Float32Array,
  { window, width }: { window: number; width: number },
): Promise<ModelCalibration> {
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
  const row = errorTail((await rowErrors.data<'float32'>()).slice().sort());
  const whole = errorTail((await windowErrors.data<'float32'>()).slice().sort());
  tf.dispose([rowErrors, windowErrors]);
  return { row, window: whole };
}
