import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtInModel } from './detection-model.ts';
import { learntModel, onlyBlock } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { EngineResult } from './engine-result.ts';
import type { SeriesBlock } from './series-block.ts';

const wild = fc.oneof(
  fc.float(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3.4e38, -3.4e38, 1e-45, 0),
  fc.constant(7),
);

function assertSane({ scored, anomalies }: EngineResult): void {
  for (const { score, expected, band } of scored) {
    for (const one of score) assert.ok(one >= 0 && one <= 1, `score ${one}`);
    for (const one of expected) assert.ok(Number.isNaN(one) || Number.isFinite(one), `expected ${one}`);
    for (const one of band) assert.ok(Number.isNaN(one) || (one > 0 && Number.isFinite(one)), `band ${one}`);
  }
  for (const { signals, peakScore, startTime, endTime, peakTime } of anomalies) {
    assert.ok(peakScore > 0.5 && peakScore <= 1);
    assert.ok(startTime <= peakTime && peakTime <= endTime);
    const sum = signals.reduce((total, { share }) => total + share, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9, `shares sum to ${sum}`);
  }
}

for (const model of [
  builtInModel(),
  learntModel(1, { window: 6 }),
  learntModel(2, { signals: ['a', 'b'], window: 6 }),
]) {
  test(`no values and no times lead to scores outside 0 to 1 (version ${model.version})`, async () => {
    const times = fc.array(fc.double({ min: -1e15, max: 1e15 }), { minLength: 80, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(
        times,
        fc.array(wild, { minLength: 8, maxLength: 40 }),
        fc.boolean(),
        async (at, some, sorted) => {
          const signals = ['a', 'b'];
          const values = Float32Array.from(
            { length: at.length * 2 },
            (_, i) => some[(i * 7) % some.length] ?? 0,
          );
          const block = {
            series: 's',
            signals,
            times: Float64Array.from(sorted ? at.sort((a, b) => a - b) : at),
            values,
          };
          assertSane(await new Engine({ model }).process([block]));
        },
      ),
      { numRuns: 60 },
    );
  });

  test(`a constant signal is quiet, and alarms when it moves (version ${model.version})`, async () => {
    const rows = 300;
    const times = Float64Array.from({ length: rows }, (_, row) => row * 1000);
    const values = new Float32Array(rows * 2).fill(42);
    values[2 * 280] = 50;
    const block: SeriesBlock = { series: 's', signals: ['a', 'b'], times, values };
    const result = await new Engine({ model }).process([block]);
    assertSane(result);
    const { score } = onlyBlock(result);
    assert.ok(score.slice(0, 280).every((one) => one <= 0.5));
    assert.ok((score[280] ?? 0) > 0.5);
  });
}

test('a time that is no number is refused', async () => {
  const block = {
    series: 's',
    signals: ['a'],
    times: Float64Array.of(Number.NaN, 5),
    values: Float32Array.of(1, 2),
  };
  const { scored, refused } = await new Engine({ model: builtInModel() }).process([block]);
  assert.deepEqual(scored[0]?.times, Float64Array.of(5));
  assert.equal(refused.length, 1);
});
