import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel, type DetectionModel } from './detection-model.ts';
import { cutAt, learntModel, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { EngineFigures } from './engine-result.ts';
import { addFigures, noFigures, ReadingFigures } from './reading-figures.ts';
import { quantile } from './signal/quantile.ts';

const quantiles = (errors: readonly number[]) =>
  Array.from({ length: 63 }, (_, i) =>
    quantile(
      [...errors].sort((a, b) => a - b),
      (i + 1) / 64,
    ),
  );

/** Largest distance of the cumulated bins from those of a uniform distribution. */
function distance({ pValues }: EngineFigures): number {
  const total = pValues.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  return Math.max(
    ...pValues.map((count, bin) => {
      sum += count;
      return Math.abs(sum / total - (bin + 1) / pValues.length);
    }),
  );
}

const inputs = { borders: [-1, 0, 1], counts: [1, 1, 1, 1] };
const errors = Array.from({ length: 5000 }, (_, i) => -Math.log((i + 0.5) / 5000));

test('errors like those of the reference have uniform p-values; larger ones have small p-values', () => {
  const figures = (times: number) => {
    const count = new ReadingFigures({ errors: quantiles(errors), inputs });
    errors.forEach((error, turn) => {
      count.note(times * error, 0.5, turn);
    });
    return count.figures();
  };
  assert.ok(distance(figures(1)) < 0.02, `${distance(figures(1))}`);
  assert.ok(distance(figures(2)) > 0.15);
  assert.ok((figures(2).pValues[0] ?? 0) > 4 * (figures(1).pValues[0] ?? 0));
  assert.deepEqual(figures(1).inputs, [0, 0, 5000, 0], 'a step of 0.5');
  const { sum, count } = figures(1).logResiduals;
  assert.equal(count, 5000);
  assert.ok(
    Math.abs(sum / count + 0.5772) < 0.01,
    'mean logarithm of an exponential: minus Euler’s constant',
  );
});

test('errors that repeat themselves for ever are spread evenly over their places', () => {
  const half = errors.map((error, i) => (i % 2 === 0 ? 0.02 : error));
  const count = new ReadingFigures({ errors: quantiles(half), inputs });
  half.forEach((error, i) => {
    count.note(error * (1 + 1e-7 * Math.sin(i)), 0.5, i >> 1);
  });
  assert.ok(distance(count.figures()) < 0.03, `${distance(count.figures())}`);
});

test('readings that stand for nothing are not counted', () => {
  const count = new ReadingFigures(null);
  count.note(Number.NaN, 0.5, 0);
  assert.deepEqual(count.figures(), noFigures);
});

test('figures of two calls add up; bins of different references do not', () => {
  const one = { ...noFigures, readings: 3, pValues: [1, 2], logResiduals: { sum: -1.5, count: 2 } };
  assert.deepEqual(addFigures(one, noFigures), one);
  assert.deepEqual(addFigures(noFigures, one), one);
  assert.deepEqual(addFigures(one, one).pValues, [2, 4]);
  assert.deepEqual(addFigures(one, one).logResiduals, { sum: -3, count: 4 });
  assert.throws(() => addFigures(one, { ...one, pValues: [1] }), RangeError);
});

const reference = { errors: quantiles(errors), inputs };
const models: [string, DetectionModel][] = [
  ['built in', { ...builtInModel(), reference }],
  ['learnt', { ...learntModel(1, { window: 8 }), reference }],
];
for (const [name, model] of models)
  test(`the engine counts what it did (${name})`, async () => {
    const block = wave('s', 600, ['a', 'b']);
    const values = block.values.slice();
    values.fill(500, 2 * 500, 2 * 503);
    const { figures, scored, anomalies } = await new Engine({ model }).process(
      cutAt({ ...block, values }, [77]),
    );
    const flags = scored.flatMap((part) => [...part.flags]);
    const alarms = flags.filter((one) => (one & 1) !== 0).length;
    assert.equal(figures.readings, 600);
    assert.equal(figures.alarms, alarms);
    assert.ok(alarms >= 3);
    assert.equal(figures.anomalies, anomalies.filter(({ kind }) => kind === 'opened').length);
    const counted = figures.logResiduals.count;
    // A net is counted for once it looks itself, which it does after 128 readings; flagged ones are left out.
    const most = 2 * (600 - (model.network === null ? 32 : 128));
    assert.ok(counted <= most - 6 && counted > most - 60, `${counted} of ${most}`);
    assert.equal(
      figures.pValues.reduce((sum, count) => sum + count, 0),
      counted,
    );
    assert.equal(
      figures.inputs.reduce((sum, count) => sum + count, 0),
      counted,
    );
  });
