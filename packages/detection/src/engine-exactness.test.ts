import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FalseAlarmMemory, QuietPattern } from './anomalies/alarm-pattern.ts';
import { builtInModel, type DetectionModel } from './detection-model.ts';
import { cutAt, joined, learntModel, rowsOf, summed } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import type { SeriesBlock } from './series-block.ts';

const models: [string, DetectionModel][] = [
  ['the built-in version, each signal', builtInModel()],
  ['the built-in version, declared signals', builtInModel({ signals: ['a', 'b'] })],
  ['a learnt version, each signal', learntModel(1, { window: 8 })],
  ['a learnt version, declared signals', learntModel(1, { signals: ['b', 'a', 'absent'], window: 8 })],
];

const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(500, -500, 1e38, -3.4e38) },
);
/** Steps between readings: mostly regular, sometimes a repeat, a step back or a gap. */
const step = fc.oneof(
  { weight: 20, arbitrary: fc.constant(1000) },
  { weight: 2, arbitrary: fc.constantFrom(0, -1000, -3000, 100_000) },
);

const history = (series: string): fc.Arbitrary<SeriesBlock> =>
  fc.array(fc.tuple(step, value, value), { minLength: 90, maxLength: 160 }).map((rows) => {
    let time = 1e12;
    const times = Float64Array.from(rows, ([by]) => {
      time += by;
      return time;
    });
    return {
      series,
      signals: ['a', 'b'],
      times,
      values: Float32Array.from(rows.flatMap(([, a, b]) => [a, b])),
    };
  });

/** What half of the anomalies would leave in people's memory, some of it ending in the middle. */
async function memoryOfHalf(
  model: DetectionModel,
  blocks: readonly SeriesBlock[],
): Promise<FalseAlarmMemory> {
  const memory = new Map<string, QuietPattern[]>();
  const { anomalies } = await new Engine({ model }).process(blocks);
  anomalies.forEach(({ series, patterns, endTime }, index) => {
    if (index % 2 === 1) return;
    const untilMs = endTime + (index % 4 === 0 ? 40_000 : 1e12);
    memory.set(series, [...(memory.get(series) ?? []), ...patterns.map((pattern) => ({ pattern, untilMs }))]);
  });
  return memory;
}

function engineWith(model: DetectionModel, memory: FalseAlarmMemory): Engine {
  const engine = new Engine({ model: { ...model, reference } });
  engine.setMemory(memory);
  return engine;
}

const reference = {
  errors: Array.from({ length: 63 }, (_, index) => index / 16),
  inputs: { borders: [-1, 0, 1], counts: [1, 1, 1, 1] },
};

const runs = { numRuns: 12 };

for (const [name, model] of models) {
  test(`cutting the readings into any blocks and calls changes nothing (${name})`, async () => {
    const cuts = fc.array(fc.nat(90), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(history('s'), history('t'), cuts, async (s, t, where) => {
        const memory = await memoryOfHalf(model, [s, t]);
        const all = await engineWith(model, memory).process([s, t]);
        const whole = joined([all]);
        const engine = engineWith(model, memory);
        const results = [];
        const [partsOfS, partsOfT] = [cutAt(s, where), cutAt(t, [...where, 17])];
        for (let i = 0; i < partsOfT.length; i += 1) {
          results.push(await engine.process([partsOfT[i], partsOfS[i]].filter((part) => part !== undefined)));
        }
        assert.deepEqual(joined(results), whole);
        assert.deepEqual(summed(results), all.figures);
        const inOneCall = await engineWith(model, memory).process([...cutAt(t, where), ...cutAt(s, where)]);
        assert.deepEqual(joined([inOneCall]), whole);
        assert.deepEqual(inOneCall.figures, all.figures);
      }),
      runs,
    );
  });

  test(`an engine restored from a snapshot goes on bit for bit (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), fc.nat(89), async (block, at) => {
        const engine = new Engine({ model });
        await engine.process([rowsOf(block, 0, at)]);
        const bytes = engine.snapshot();
        const other = await Engine.restore(bytes, { model });
        assert.deepEqual(other.snapshot(), bytes);
        const rest = [rowsOf(block, at, block.times.length)];
        assert.deepEqual(await other.process(rest), await engine.process(rest));
        assert.deepEqual(other.snapshot(), engine.snapshot());
        assert.deepEqual([...other.series()], [...engine.series()]);
      }),
      runs,
    );
  });

  test(`readings that come twice change nothing and are reported (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), fc.nat(80), async (block, at) => {
        const once = new Engine({ model });
        await once.process([block]);
        const twice = new Engine({ model });
        await twice.process([rowsOf(block, 0, at + 10)]);
        const again = await twice.process([rowsOf(block, at, at + 10)]);
        assert.equal(again.scored.length, 0);
        assert.equal(again.refused.length, 10);
        await twice.process([rowsOf(block, at + 10, block.times.length)]);
        assert.deepEqual(twice.snapshot(), once.snapshot());
      }),
      runs,
    );
  });

  test(`no later reading changes what was said about an earlier one (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), fc.integer({ min: 1, max: 89 }), async (block, rows) => {
        const whole = await new Engine({ model }).process([block]);
        const part = await new Engine({ model }).process([rowsOf(block, 0, rows)]);
        const accepted = part.scored[0]?.times.length ?? 0;
        assert.deepEqual(part.scored[0]?.score, whole.scored[0]?.score.slice(0, accepted));
        assert.deepEqual(part.anomalies, whole.anomalies.slice(0, part.anomalies.length));
      }),
      runs,
    );
  });

  test(`the order and company of the series is irrelevant (${name})`, async () => {
    await fc.assert(
      fc.asyncProperty(history('s'), history('t'), history('u'), async (s, t, u) => {
        const engine = new Engine({ model });
        const forwards = joined([await engine.process([s, t, u])]);
        const other = new Engine({ model });
        const backwards = joined([await other.process([u, s, t])]);
        assert.deepEqual(backwards, forwards);
        assert.deepEqual(other.snapshot(), engine.snapshot());
        assert.deepEqual(joined([await new Engine({ model }).process([t])]), { t: forwards.t });
      }),
      runs,
    );
  });
}
