import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtInModel, type DetectionModel } from './detection-model.ts';
import { cutAt, joined, learntModel, noisyDays, rowsOf, summed } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { SeriesBlock } from './series-block.ts';

// Series that are long enough for everything to be known that is ever asked for: usual hours, blocks of hours, habits.

const rows = 1800;
const runs = { numRuns: 4 };

const models: [string, DetectionModel][] = (['habit', 'alarm'] as const).flatMap((recurring) => [
  [`${recurring}, each signal`, learntModel(1, { window: 8, recurring })],
  [`${recurring}, declared signals`, learntModel(1, { window: 8, recurring, signals: ['b', 'a'] })],
  [`${recurring}, each signal by rules`, builtInModel({ recurring })],
]);

const oddity = fc.record({
  at: fc.integer({ min: 100, max: rows - 60 }),
  length: fc.constantFrom(1, 3, 20, 60),
  by: fc.constantFrom(12, -12, 40, Number.NaN),
  column: fc.nat(1),
});

/** Two signals with a few spikes, dips, changes of level for a while, and missing values. */
const history = (series: string): fc.Arbitrary<SeriesBlock> =>
  fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.array(oddity, { maxLength: 12 })).map(([seed, odd]) => {
    const block = noisyDays(series, rows, { signals: ['a', 'b'], seed });
    for (const { at, length, by, column } of odd)
      for (let row = at; row < at + length; row += 1)
        block.values[2 * row + column] = (block.values[2 * row + column] ?? 0) + by;
    return block;
  });

for (const [name, model] of models) {
  test(`cutting a long history changes nothing (${name})`, async () => {
    const cuts = fc.array(fc.nat(rows), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(history('s'), history('t'), cuts, async (s, t, where) => {
        const engine = new Engine({ model });
        const all = await engine.process([s, t]);
        const other = new Engine({ model });
        const results = [];
        const [partsOfS, partsOfT] = [cutAt(s, where), cutAt(t, [...where, 1700])];
        for (const [index, part] of partsOfT.entries()) {
          const beside = partsOfS[index];
          results.push(await other.process(beside === undefined ? [part] : [part, beside]));
        }
        assert.deepEqual(joined(results), joined([all]));
        assert.deepEqual(summed(results), all.figures);
        assert.deepEqual(other.snapshot(), engine.snapshot());
      }),
      runs,
    );
  });

  test(`an engine restored late goes on bit for bit (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), fc.integer({ min: 1, max: rows - 1 }), async (block, at) => {
        const engine = new Engine({ model });
        await engine.process([rowsOf(block, 0, at)]);
        const bytes = engine.snapshot();
        const other = await Engine.restore(bytes, { model });
        assert.deepEqual(other.snapshot(), bytes);
        const rest = [rowsOf(block, at, rows)];
        assert.deepEqual(await other.process(rest), await engine.process(rest));
        assert.deepEqual(other.snapshot(), engine.snapshot());
      }),
      runs,
    );
  });

  test(`no later reading changes what was said of an earlier one, late too (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), fc.integer({ min: 1500, max: rows }), async (block, until) => {
        const whole = await new Engine({ model }).process([block]);
        const part = await new Engine({ model }).process([rowsOf(block, 0, until)]);
        assert.deepEqual(
          part.scored[0]?.score,
          whole.scored[0]?.score.slice(0, part.scored[0]?.score.length),
        );
        assert.deepEqual(part.anomalies, whole.anomalies.slice(0, part.anomalies.length));
      }),
      runs,
    );
  });
}
