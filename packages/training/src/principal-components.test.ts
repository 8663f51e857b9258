import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { principalComponents } from './principal-components.ts';
import { seededRandom } from './seeded-random.ts';
import { startTensorBackend } from './tensor-backend.ts';

before(startTensorBackend);

/** Rows that vary along two known directions, and a little in all others. */
function planted(rows: number, width: number, noise: number): Float32Array {
  const random = seededRandom(3);
  const values = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    const [level, slope] = [3 * random.normal(), 2 * random.normal()];
    for (let i = 0; i < width; i += 1) {
      values[row * width + i] = level + slope * ((2 * i) / (width - 1) - 1) + noise * random.normal();
    }
  }
  return values;
}

for (const [rows, width, what] of [
  [2000, 24, 'more windows than dimensions'],
  [64, 96, 'fewer windows than dimensions'],
] as const) {
  test(`the components are orthonormal and span what windows have in common (${what})`, async () => {
    const windows = tf.tensor2d(planted(rows, width, 0.1), [rows, width]);
    const { count, basis } = await principalComponents(windows);
    windows.dispose();
    assert.ok(count >= 2 && count <= (rows > width ? 2 : 4), `${count} components`);
    const column = (k: number) => Float64Array.from({ length: width }, (_, i) => basis[i * count + k] ?? 0);
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, one, i) => sum + one * (b[i] ?? 0), 0);
    for (let k = 0; k < count; k += 1) {
      for (let l = 0; l <= k; l += 1)
        assert.ok(Math.abs(dot(column(k), column(l)) - (k === l ? 1 : 0)) < 1e-4);
    }
    for (const direction of [() => 1, (i: number) => (2 * i) / (width - 1) - 1]) {
      const wanted = Float64Array.from({ length: width }, (_, i) => direction(i));
      const covered = Array.from({ length: count }, (_, k) => dot(column(k), wanted) ** 2).reduce(
        (a, b) => a + b,
        0,
      );
      assert.ok(covered / dot(wanted, wanted) > 0.99);
    }
  });
}

test('windows that are all zero still give one direction', async () => {
  const windows = tf.zeros([50, 8]) as tf.Tensor2D;
  const { count, basis } = await principalComponents(windows);
  windows.dispose();
  assert.equal(count, 1);
  assert.ok(basis.every(Number.isFinite));
});
