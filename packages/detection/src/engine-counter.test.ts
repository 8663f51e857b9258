import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { learntModel, onlyBlock } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { AnomalyChange } from './engine-result.ts';

const intervalMs = 60_000;
const startMs = 1.7e12;

/**
 * A counter with a rate that follows the day, not begun with us, and reset at some rows.
 * @param shown part of an interval that has passed since a reset when it is read
 */
function counter(rows: number, resets: readonly number[], { burst = -1, shown = 1 } = {}) {
  let state = 5;
  let count = 40_000;
  const values = Float32Array.from({ length: rows }, (_, row) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    if (resets.includes(row)) count = 0;
    const grows = 30 + 10 * Math.sin((2 * Math.PI * row) / 1440) + (8 * state) / 2 ** 32;
    count += Math.round(resets.includes(row) ? shown * grows : grows);
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
      const { anomalies } = await new Engine({ model }).process([counter(2600, resets, { burst: 2500 })]);
      assert.deepEqual(opened(anomalies), [2500]);
      const [share] = anomalies[0]?.signals ?? [];
      assert.ok(
        share !== undefined &&
          Math.abs(share.value - (counter(2600, resets, { burst: 2500 }).values[2500] ?? 0)) < 1,
      );
    }
  });
}

test('a counter that was reset just before it is read says nothing of its growth by that', async () => {
  for (const shown of [0, 0.1, 0.5]) {
    const given = counter(3600, [1500, 1700, 2400, 2411, 3000], { shown });
    const { anomalies } = await new Engine({ model: builtInModel() }).process([given]);
    assert.deepEqual(opened(anomalies), [], `${shown} of an interval`);
  }
});

/** A level that goes with a counter, a level that does not, and the counter, which some readings lack. */
function together(rows: number, resets: readonly number[], options: { burst?: number; shown?: number } = {}) {
  const { times, values: counts } = counter(rows, resets, options);
  const values = new Float32Array(3 * rows);
  let state = 7;
  for (let row = 0; row < rows; row += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = state / 2 ** 32;
    values[3 * row] = 0.4 + 0.1 * Math.sin((2 * Math.PI * row) / 1440) + 0.02 * noise;
    values[3 * row + 1] = 0.6 + 0.05 * Math.cos(row / 50) + 0.01 * ((noise * 64) % 1);
    values[3 * row + 2] = row % 37 === 20 ? Number.NaN : (counts[row] ?? 0);
  }
  return { series: 'm', signals: ['cpu', 'memory', 'requests'], times, values };
}

for (const [name, model] of [
  ['the built-in version', builtInModel({ signals: ['cpu', 'memory', 'requests'] })],
  ['a learnt version', learntModel(3, { signals: ['cpu', 'memory', 'requests'], window: 32 })],
] as const) {
  test(`a counter among other signals is judged by its increments (${name})`, async () => {
    const resets = [900, 1500, 1700, 2411];
    for (const shown of [0.1, 1]) {
      const quiet = await new Engine({ model }).process([together(3000, resets, { shown })]);
      assert.deepEqual(opened(quiet.anomalies), [], `${shown} of an interval`);
      const { expected } = onlyBlock(quiet);
      for (const row of [2399, 2410, 2990])
        assert.ok(
          Math.abs((expected[3 * row + 2] ?? 0) - (together(3000, resets).values[3 * row + 2] ?? 0)) < 3000,
        );
    }
    const loud = together(2600, resets, { burst: 2500 });
    const { anomalies } = await new Engine({ model }).process([loud]);
    assert.deepEqual(opened(anomalies), [2500]);
    const [share] = anomalies[0]?.signals ?? [];
    assert.equal(share?.signal, 'requests');
    assert.ok(Math.abs((share?.value ?? 0) - (loud.values[3 * 2500 + 2] ?? 0)) < 1);
  });
}

test('what a counter grew by in readings that lack it is spread over them', async () => {
  const model = builtInModel({ signals: ['cpu', 'memory', 'requests'] });
  const given = together(2000, []);
  for (let row = 1500; row < 1540; row += 1) given.values[3 * row + 2] = Number.NaN;
  const { anomalies } = await new Engine({ model }).process([given]);
  assert.deepEqual(opened(anomalies), []);
});

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
