import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { Engine } from './engine.ts';

/** A disk that is read now and then: 0, but every twelfth reading something between 0.5 and 1.5. */
function resting(row: number): number {
  return row % 12 === 7 ? 0.5 + ((row * 7919) % 101) / 101 : 0;
}

async function scoresOf(values: Float32Array): Promise<Float32Array> {
  const engine = new Engine({ model: builtInModel() });
  const times = Float64Array.from(values, (_, row) => row * 1000);
  const { scored } = await engine.process([{ series: 'host/a', signals: ['disk_read'], times, values }]);
  return scored[0]?.score ?? new Float32Array();
}

test('a signal that mostly rests is not critical each time it moves', async () => {
  const scores = await scoresOf(Float32Array.from({ length: 1200 }, (_, row) => resting(row)));
  const late = scores.subarray(200).filter((score) => score > 0.5).length;
  assert.ok(late <= 3, `${late} alarms in 1000 readings`);
});

test('an excursion far beyond the usual ones of a resting signal still alarms', async () => {
  const values = Float32Array.from({ length: 700 }, (_, row) => resting(row));
  values[600] = 30;
  assert.ok(((await scoresOf(values))[600] ?? 0) > 0.5);
});

test('the first excursions of a signal that always stood still alarm', async () => {
  const values = new Float32Array(300);
  values[200] = 5;
  assert.ok(((await scoresOf(values))[200] ?? 0) > 0.5);
});
