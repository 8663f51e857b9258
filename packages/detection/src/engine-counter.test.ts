import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { learntModel, onlyBlock } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { AnomalyChange } from './engine-result.ts';

const intervalMs = 60_000;
const startMs = 1.7e12;

/** A counter with a rate that follows the day, not begun with us, and reset at some rows. */
function counter(rows: number, resets: readonly number[], burst = -1) {
  let state = 5;
  let count = 40_000;
  const values = Float32Array.from({ length: rows }, (_, row) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (resets.includes(row)) count = 0;
    count += Math.round(30 + 10 * Math.sin((2 * Math.PI * row) / 1440) + (8 * state) / 2 ** 32);
    if (row === burst) count += 900;
    return count;
  });
  const times = Float64Array.from({ length: rows }, (_, row) => startMs + row * intervalMs);
  return { series: 'c', signals: ['requests'], times, values };
}

function opened(anomalies: readonly AnomalyChange[]): number[] {
  return anomalies
    .filter(({ kind }) => kind === 'opened')
    .map(({ startTime }) => (startTime - startMs) / intervalMs);
}

for (const [name, model] of [
  ['the built-in version', builtInModel()],
  ['a learnt version', learntModel(1, { window: 32 })],
] as const) {
  test(`a counter that begins anew is no alarm by itself, the first time either (${name})`, async () => {
    const resets = [900, 1700, 2400, 2411, 3000];
    const given = counter(3600, resets);
    const engine = new Engine({ model });
    const result = await engine.process([given]);
    assert.deepEqual(opened(result.anomalies), []);
    const { expected, flags } = onlyBlock(result);
    assert.ok(flags.slice(resets[0]).every((flag) => flag === 0));
    // What is told is in the unit of what was sent.
    for (const row of [2399, 2410, 2990, 3500])
      assert.ok(Math.abs((expected[row] ?? 0) - (given.values[row] ?? 0)) < 2000, `${row}: ${expected[row]}`);
  });

  test(`a counter is judged by its increments, behind a reset too (${name})`, async () => {
    for (const resets of [[], [900, 1700]]) {
      const { anomalies } = await new Engine({ model }).process([counter(2600, resets, 2500)]);
      assert.deepEqual(opened(anomalies), [2500]);
      const [share] = anomalies[0]?.signals ?? [];
      assert.ok(
        share !== undefined && Math.abs(share.value - (counter(2600, resets, 2500).values[2500] ?? 0)) < 1,
      );
    }
  });
}

test('a fall that leaves much of the count, and one of a signal that is no counter, are alarms as ever', async () => {
  const half = counter(2000, []);
  for (let row = 1500; row < 2000; row += 1) half.values[row] = (half.values[row] ?? 0) / 2;
  const level = counter(2000, []);
  for (let row = 0; row < 2000; row += 1)
    level.values[row] =
      100 + ((level.values[row] ?? 0) - (level.values[row - 1] ?? 40_000)) * (row < 1500 ? 1 : 0.01);
  for (const block of [half, level]) {
    const { anomalies } = await new Engine({ model: builtInModel() }).process([block]);
    assert.deepEqual(opened(anomalies), [1500]);
  }
});
