import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FalseAlarmMemory } from './anomalies/alarm-pattern.ts';
import { builtInModel, type DetectionModel } from './detection-model.ts';
import { learntModel, onlyBlock, rowsOf, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import { type AnomalyChange, ReadingFlag } from './engine-result.ts';
import type { SeriesBlock } from './series-block.ts';

/** A wave of two signals where the first one jumps at some rows. */
function withJumps(rows: number, jumps: readonly { at: number; by: number; signal?: number }[]): SeriesBlock {
  const block = wave('s', rows, ['a', 'b']);
  const values = block.values.slice();
  for (const { at, by, signal = 0 } of jumps)
    for (let row = at; row < at + 4; row += 1)
      values[2 * row + signal] = (values[2 * row + signal] ?? 0) + by;
  return { ...block, values };
}

function memoryOf(changes: readonly AnomalyChange[], untilMs = Number.MAX_SAFE_INTEGER): FalseAlarmMemory {
  const patterns = changes.at(-1)?.patterns ?? [];
  return new Map([['s', patterns.map((pattern) => ({ pattern, untilMs }))]]);
}

const starts = (changes: readonly AnomalyChange[]) =>
  changes.filter(({ kind }) => kind === 'opened').map(({ startTime }) => (startTime - 1e12) / 1000);

function* openOf(engine: Engine): Iterable<AnomalyChange> {
  for (const { openAnomaly } of engine.series()) if (openAnomaly !== null) yield openAnomaly;
}

// With habits, what comes again soon becomes usual by itself.
const recurring = 'alarm';
const models: DetectionModel[] = [
  builtInModel({ recurring }),
  builtInModel({ signals: ['a', 'b'], recurring }),
  learntModel(1, { window: 8, recurring }),
  learntModel(1, { signals: ['b', 'a'], window: 8, recurring }),
];
for (const model of models) {
  const name = `${model.version}, ${model.settings.signals === 'each' ? 'each' : 'declared'}`;
  // By then the series is settled: what is rare is known, and equal jumps are equally strong.
  const first = { at: 1400, by: 150 };

  test(`an anomaly knows the kinds of its readings, with signs (version ${name})`, async () => {
    for (const by of [150, -150]) {
      const { anomalies } = await new Engine({ model }).process([withJumps(1450, [{ at: 1400, by }])]);
      const [pattern] = anomalies.at(-1)?.patterns ?? [];
      assert.ok(pattern !== undefined && Math.sign(pattern.a ?? 0) === Math.sign(by));
      assert.ok(Math.abs(pattern.a ?? 0) > 1);
      assert.ok((anomalies.at(-1)?.patterns.length ?? 0) >= (anomalies[0]?.patterns.length ?? 0));
    }
  });

  test(`a false alarm's like is quieted, what is odd in another way is not (version ${name})`, async () => {
    const block = withJumps(2000, [
      first,
      { at: 1550, by: 140 },
      { at: 1700, by: -140 },
      { at: 1850, by: 140, signal: 1 },
    ]);
    const plain = new Engine({ model });
    const before = await plain.process([rowsOf(block, 0, 1500)]);
    const loud = await plain.process([rowsOf(block, 1500, 2000)]);
    assert.deepEqual(starts(loud.anomalies), [1550, 1700, 1850]);
    const engine = new Engine({ model });
    await engine.process([rowsOf(block, 0, 1500)]);
    engine.setMemory(memoryOf(before.anomalies));
    const quiet = await engine.process([rowsOf(block, 1500, 2000)]);
    assert.deepEqual(starts(quiet.anomalies), [1700, 1850]);
    const [was, is] = [onlyBlock(loud), onlyBlock(quiet)];
    let quieted = 0;
    is.flags.forEach((flags, row) => {
      if ((flags & ReadingFlag.quieted) === 0) {
        assert.equal(flags, was.flags[row]);
        assert.equal(is.score[row], was.score[row]);
        return;
      }
      quieted += 1;
      assert.equal(flags & ReadingFlag.alarm, 0);
      assert.equal(is.score[row], 0.5);
      assert.ok((was.score[row] ?? 0) > 0.5);
    });
    assert.ok(quieted >= 4);
    assert.equal(quiet.figures.quieted, quieted);
    assert.equal(quiet.figures.alarms, loud.figures.alarms - quieted);
    assert.equal(quiet.figures.readings, 500);
    assert.deepEqual(quiet.figures.logResiduals, loud.figures.logResiduals);
    assert.deepEqual([is.expected, is.band], [was.expected, was.band]);
    assert.deepEqual(engine.snapshot(), plain.snapshot(), 'what was learnt is the same, quieted or not');
  });

  test(`taking a memory back, or its end, leaves no trace (version ${name})`, async () => {
    const block = withJumps(1900, [first, { at: 1550, by: 150 }, { at: 1750, by: 150 }]);
    const plain = new Engine({ model });
    const before = await plain.process([rowsOf(block, 0, 1500)]);
    await plain.process([rowsOf(block, 1500, 1700)]);
    const loud = await plain.process([rowsOf(block, 1700, 1900)]);
    const back = new Engine({ model });
    const ended = new Engine({ model });
    for (const engine of [back, ended]) await engine.process([rowsOf(block, 0, 1500)]);
    back.setMemory(memoryOf(before.anomalies));
    ended.setMemory(memoryOf(before.anomalies, block.times[1600]));
    for (const engine of [back, ended])
      assert.deepEqual(starts((await engine.process([rowsOf(block, 1500, 1700)])).anomalies), []);
    back.setMemory(new Map());
    for (const engine of [back, ended]) {
      assert.deepEqual(await engine.process([rowsOf(block, 1700, 1900)]), loud);
      assert.deepEqual(engine.snapshot(), plain.snapshot());
    }
  });

  test(`an anomaly that is open when its memory comes closes by itself and stays the same one (version ${name})`, async () => {
    const block = withJumps(1500, [first]);
    const engine = new Engine({ model });
    const opened = await engine.process([rowsOf(block, 0, 1402)]);
    engine.setMemory(memoryOf([...openOf(engine)]));
    const { anomalies, figures } = await engine.process([rowsOf(block, 1402, 1500)]);
    assert.deepEqual(
      anomalies.map(({ kind, startTime, endTime }) => [kind, startTime, endTime]),
      [['closed', opened.anomalies[0]?.startTime, block.times[1401]]],
    );
    assert.ok(figures.quieted >= 2);
  });

  test(`what a version was taught is quiet from its first reading on (version ${name})`, async () => {
    const block = withJumps(1600, [first, { at: 1550, by: 150 }]);
    const { anomalies } = await new Engine({ model }).process([block]);
    assert.deepEqual(starts(anomalies), [1400, 1550]);
    const patterns = anomalies.flatMap((one) => one.patterns);
    for (const [series, expected] of [
      ['s', []],
      [null, []],
      ['other', [1400, 1550]],
    ] as const) {
      const taught = patterns.map((pattern) => ({ series, pattern }));
      const engine = new Engine({ model: { ...model, taught } });
      assert.deepEqual(starts((await engine.process([block])).anomalies), expected);
      const swapped = new Engine({ model });
      await swapped.swap({ ...model, taught });
      assert.deepEqual(starts((await swapped.process([block])).anomalies), expected);
      const restored = await Engine.restore(new Engine({ model }).snapshot(), {
        model: { ...model, taught },
      });
      assert.deepEqual(starts((await restored.process([block])).anomalies), expected);
    }
  });
}

test('a memory of series that nobody knows is harmless', async () => {
  const block = withJumps(1450, [{ at: 1400, by: 150 }]);
  const engine = new Engine({ model: builtInModel() });
  engine.setMemory(new Map([['who', [{ pattern: { a: 1e9 }, untilMs: Number.MAX_SAFE_INTEGER }]]]));
  assert.deepEqual(
    await engine.process([block]),
    await new Engine({ model: builtInModel() }).process([block]),
  );
});

test('the memory stays through a swap, and is not changed while a call runs', async () => {
  const block = withJumps(1600, [
    { at: 1400, by: 150 },
    { at: 1550, by: 150 },
  ]);
  const model = learntModel(1, { window: 8, recurring });
  const engine = new Engine({ model });
  const { anomalies } = await engine.process([rowsOf(block, 0, 1450)]);
  engine.setMemory(memoryOf(anomalies));
  await engine.swap({ ...model, version: 2 });
  const running = engine.process([rowsOf(block, 1450, 1600)]);
  assert.throws(() => engine.setMemory(new Map()), /another call/);
  assert.deepEqual(starts((await running).anomalies), []);
});
