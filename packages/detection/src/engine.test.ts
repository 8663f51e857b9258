import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { learntModel, onlyBlock, rowsOf, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import { ReadingFlag } from './engine-result.ts';
import type { SeriesBlock } from './series-block.ts';

function withValue(
  block: SeriesBlock,
  from: number,
  to: number,
  value: (before: number) => number,
): SeriesBlock {
  const values = block.values.slice();
  for (let i = from; i < to; i += 1) values[i] = value(values[i] ?? 0);
  return { ...block, values };
}

for (const model of [builtInModel(), learntModel(1, { window: 8 })]) {
  test(`the first 32 readings score 0 and count as warming (version ${model.version})`, async () => {
    const engine = new Engine({ model });
    const { score, flags } = onlyBlock(await engine.process([wave('s', 40)]));
    assert.ok(score.slice(0, 32).every((one) => one === 0));
    assert.ok(flags.slice(0, 32).every((one) => one === ReadingFlag.warming));
    assert.ok(flags.slice(32).every((one) => (one & ReadingFlag.warming) === 0));
    assert.equal((flags[32] ?? 0) & ReadingFlag.provisional, ReadingFlag.provisional);
    assert.equal([...engine.series()][0]?.state, 'scored');
  });

  test(`quiet history stays quiet and its values lie within the band (version ${model.version})`, async () => {
    const result = await new Engine({ model }).process([wave('s', 1000)]);
    const { score, expected, band, values } = onlyBlock(result);
    assert.deepEqual(result.anomalies, []);
    for (let row = 300; row < 1000; row += 1) {
      const [value, likely, halfWidth] = [values[row] ?? 0, expected[row] ?? 0, band[row] ?? 0];
      assert.ok(Math.abs(value - likely) <= halfWidth, `row ${row}`);
      assert.ok((score[row] ?? 1) <= 0.5);
    }
  });

  for (const [what, value] of [
    ['a value far above', () => 400],
    ['a value far below', () => -300],
    ['a drop to 0', () => 0],
  ] as const) {
    test(`${what} opens an anomaly at once and names the signal (version ${model.version})`, async () => {
      const block = withValue(wave('s', 600), 500, 503, value);
      const result = await new Engine({ model }).process([block]);
      const [opened, ...more] = result.anomalies;
      assert.equal(opened?.kind, 'opened');
      assert.equal(opened?.startTime, block.times[500]);
      assert.equal(opened?.openedBy, model.version);
      assert.deepEqual(
        opened?.signals.map(({ signal, share }) => [signal, share]),
        [['a', 1]],
      );
      assert.equal(opened?.signals[0]?.value, value());
      assert.ok(Math.abs((opened?.signals[0]?.expected ?? 0) - 100) < 40);
      assert.equal(more.at(-1)?.kind, 'closed');
      assert.equal(more.at(-1)?.endTime, block.times[502]);
      assert.equal(result.anomalies.filter(({ kind }) => kind === 'opened').length, 1);
    });
  }

  test(`a signal that stands still for long is an anomaly (version ${model.version})`, async () => {
    const moving = wave('s', 600);
    const block = withValue(moving, 500, 560, () => moving.values[499] ?? 0);
    const { anomalies } = await new Engine({ model }).process([block]);
    const opened = anomalies.find(({ kind }) => kind === 'opened');
    assert.ok(opened !== undefined && opened.startTime > (block.times[500] ?? 0));
    assert.ok(opened.startTime < (block.times[560] ?? 0));
  });

  test(`a lasting change of level is reported once and then accepted (version ${model.version})`, async () => {
    const block = withValue(wave('s', 1600), 800, 1600, (before) => before + 400);
    const { anomalies, scored } = await new Engine({ model }).process([block]);
    assert.equal(anomalies.filter(({ kind }) => kind === 'opened').length, 1);
    assert.equal(anomalies.at(-1)?.kind, 'closed');
    assert.ok(scored[0]?.score.slice(1400).every((one) => one <= 0.5));
  });
}

test('with declared signals the one that is off has the largest share', async () => {
  const block = wave('s', 600, ['a', 'b', 'c']);
  const values = block.values.slice();
  values[3 * 500 + 1] = 250;
  for (const model of [
    builtInModel({ signals: ['c', 'b'] }),
    learntModel(1, { signals: ['c', 'b'], window: 8 }),
  ]) {
    const { anomalies, scored } = await new Engine({ model }).process([{ ...block, values }]);
    assert.equal(anomalies[0]?.startTime, block.times[500]);
    assert.equal(anomalies[0]?.signals[0]?.signal, 'b');
    assert.ok((anomalies[0]?.signals[0]?.share ?? 0) > 0.8);
    assert.ok(Number.isNaN(scored[0]?.expected[3 * 500] ?? 0), 'a was not asked for');
  }
});

test('a signal that appears later warms up by itself', async () => {
  const model = builtInModel();
  const engine = new Engine({ model });
  await engine.process([rowsOf(wave('s', 200, ['a']), 0, 100)]);
  const { flags, expected } = onlyBlock(await engine.process([rowsOf(wave('s', 200, ['a', 'b']), 100, 110)]));
  assert.ok(flags.every((one) => (one & ReadingFlag.warming) === 0));
  assert.ok(!Number.isNaN(expected[0] ?? Number.NaN));
  assert.ok(Number.isNaN(expected[1] ?? 0));
});

test('a series that comes back after a gap closes its anomaly and goes on without a false alarm', async () => {
  const before = withValue(rowsOf(wave('s', 500), 0, 400), 398, 400, () => 300);
  const after = rowsOf(wave('s', 500), 400, 500);
  const late = { ...after, times: after.times.map((time) => time + 3_600_000) };
  const engine = new Engine({ model: learntModel(1, { window: 8 }) });
  await engine.process([before]);
  const { anomalies } = await engine.process([late]);
  assert.deepEqual(
    anomalies.map(({ kind, endTime }) => [kind, endTime]),
    [['closed', before.times[399]]],
  );
});

test('one late reading among newer ones is refused with its reason and not scored', async () => {
  const engine = new Engine({ model: builtInModel() });
  const block = wave('s', 5);
  const first = block.times[0] ?? 0;
  await engine.process([block]);
  const old = { ...rowsOf(block, 0, 3), times: Float64Array.of(first - 1, first + 500, first + 1000) };
  const { scored, refused } = await engine.process([old]);
  assert.deepEqual(scored, []);
  assert.deepEqual(
    refused.map(({ kind }) => kind),
    ['late', 'late', 'duplicate'],
  );
});

test('a series that never pauses from alarming is learnt instead', async () => {
  const block = wave('s', 2000);
  const values = block.values.slice();
  for (let row = 300; row < 2000; row += 20) values[row] = (values[row] ?? 0) + 60;
  const model = builtInModel({ recurring: 'alarm' });
  const { anomalies } = await new Engine({ model }).process([{ ...block, values }]);
  const opened = anomalies.filter(({ kind }) => kind === 'opened');
  assert.ok(opened.length >= 3 && opened.length <= 20, `${opened.length} anomalies`);
  assert.ok(opened.every(({ startTime }) => startTime < (block.times[1500] ?? 0)));
});
