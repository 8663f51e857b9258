import assert from 'node:assert/strict';
import { test } from 'node:test';
import { robustMahalanobis } from './robust-mahalanobis.ts';
import { anchorWarmupRows } from './warm-up.ts';
import { whitenedPca } from './whitened-pca.ts';

/** Two signals that go together, a third that stands still. */
const count = 1000;
const values = Float32Array.from({ length: 3 * count }, (_, at) => {
  const [row, signal] = [Math.floor(at / 3), at % 3];
  if (signal === 2) return 0.5;
  const noise = 0.02 * Math.sin(row * 12.9898 + signal * 4.1);
  return 0.5 + 0.3 * Math.sin(row / 20) + noise;
});
// Each value alone is usual; together they are not.
values[3 * 900] = 0.75;
values[3 * 900 + 1] = 0.25;

for (const [name, anchor] of [
  ['robust Mahalanobis', robustMahalanobis],
  ['whitened PCA', whitenedPca],
] as const) {
  test(`${name} sees signals part that go together, and says nothing of the rows it was fitted on`, () => {
    const scores = anchor({ values, width: 3, count });
    assert.deepEqual([...scores.subarray(0, anchorWarmupRows)], new Array(anchorWarmupRows).fill(0));
    assert.equal(scores.indexOf(Math.max(...scores)), 900);
    assert.ok(scores.every(Number.isFinite));
    const cut = anchor({ values: values.slice(0, 3 * 800), width: 3, count: 800 });
    assert.deepEqual([...cut], [...scores.subarray(0, 800)]);
  });
}
