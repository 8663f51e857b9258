import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel } from './detection-model.ts';
import { learntModel, onlyBlock, rowsOf, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';
import { ReadingFlag } from './engine-result.ts';
import { SnapshotError } from './state/state-codec.ts';

const block = wave('s', 500);

test('a new version scores from its first reading on, with a calibration of its own', async () => {
  const engine = new Engine({ model: builtInModel() });
  await engine.process([rowsOf(block, 0, 300)]);
  await engine.swap(learntModel(3, { window: 8 }));
  assert.equal(engine.version, 3);
  const { flags, expected } = onlyBlock(await engine.process([rowsOf(block, 300, 400)]));
  assert.ok(
    flags.every((one) => one === 0),
    'neither warming nor provisional',
  );
  assert.ok(!Number.isNaN(expected[0] ?? Number.NaN));
});

test('an anomaly that is open at a change of version stays, and names the version that opened it', async () => {
  const engine = new Engine({ model: builtInModel() });
  const odd = { ...block, values: block.values.slice().fill(500, 300, 310) };
  await engine.process([rowsOf(odd, 0, 305)]);
  const before = [...engine.series()][0]?.openAnomaly;
  await engine.swap(learntModel(1, { window: 8 }));
  const { anomalies } = await engine.process([rowsOf(odd, 305, 400)]);
  const closed = anomalies.at(-1);
  assert.equal(closed?.kind, 'closed');
  assert.equal(closed?.openedBy, 0);
  assert.equal(closed?.startTime, before?.startTime);
  assert.ok(!anomalies.some(({ kind }) => kind === 'opened'));
});

test('swapping to a version and back gives what swapping to where one is gives', async () => {
  const [there, here] = [new Engine({ model: builtInModel() }), new Engine({ model: builtInModel() })];
  for (const engine of [there, here]) await engine.process([rowsOf(block, 0, 200)]);
  await there.swap(learntModel(1, { window: 8 }));
  await there.swap(builtInModel());
  await here.swap(builtInModel());
  assert.deepEqual(there.snapshot(), here.snapshot());
});

test('whether what recurs is a habit may change from version to version: nothing else that is known is lost', async () => {
  for (const rows of [90, 400]) {
    const [there, here] = [new Engine({ model: builtInModel() }), new Engine({ model: builtInModel() })];
    for (const engine of [there, here]) await engine.process([rowsOf(block, 0, rows)]);
    await there.swap(learntModel(1, { window: 8, recurring: 'alarm' }));
    const alarming = await Engine.restore(there.snapshot(), {
      model: learntModel(1, { window: 8, recurring: 'alarm' }),
    });
    const { flags } = onlyBlock(await alarming.process([rowsOf(block, rows, rows + 1)]));
    assert.equal(flags[0], 0, 'neither warming nor provisional');
    for (const engine of [there, here]) await engine.swap(learntModel(2, { window: 8 }));
    const rest = [rowsOf(block, rows, 500)];
    assert.deepEqual(await there.process(rest), await here.process(rest), `${rows} rows`);
  }
});

test('a version with other signals starts its units anew but keeps what is known of time', async () => {
  const engine = new Engine({ model: builtInModel() });
  await engine.process([rowsOf(block, 0, 200)]);
  await engine.swap(builtInModel({ signals: ['a'] }));
  const again = await engine.process([rowsOf(block, 190, 201)]);
  assert.equal(again.refused.length, 10);
  assert.equal(onlyBlock(again).flags[0], ReadingFlag.warming);
});

test('a snapshot of one version is restored into another like a swap', async () => {
  const engine = new Engine({ model: builtInModel() });
  await engine.process([rowsOf(block, 0, 300)]);
  const model = learntModel(2, { window: 8 });
  const restored = await Engine.restore(engine.snapshot(), { model });
  await engine.swap(model);
  assert.deepEqual(restored.snapshot(), engine.snapshot());
  assert.equal(restored.version, 2);
});

test('damaged, short, long and foreign snapshots are refused with a clear error', async () => {
  const engine = new Engine({ model: builtInModel() });
  await engine.process([rowsOf(block, 0, 100)]);
  const bytes = engine.snapshot();
  const otherFormat = bytes.slice();
  otherFormat[4] = 99;
  const damaged = bytes.slice();
  damaged[200] = (damaged[200] ?? 0) ^ 1;
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(0), /no snapshot/],
    [new TextEncoder().encode('{"some":"json"}'), /not a snapshot/],
    [otherFormat, /format 99, this engine reads 10/],
    [damaged, /damaged/],
    [bytes.slice(0, -10), /damaged/],
    [Uint8Array.of(...bytes, 0), /damaged/],
  ];
  for (const [garbage, why] of cases) {
    await assert.rejects(Engine.restore(garbage, { model: builtInModel() }), (error) => {
      assert.ok(error instanceof SnapshotError);
      assert.match(error.message, why);
      return true;
    });
  }
});

test('a forgotten series starts from nothing', async () => {
  const engine = new Engine({ model: builtInModel() });
  const first = await engine.process([rowsOf(block, 0, 100)]);
  assert.equal(engine.forget('s'), true);
  assert.equal(engine.forget('s'), false);
  assert.deepEqual([...engine.series()], []);
  assert.deepEqual(await engine.process([rowsOf(block, 0, 100)]), first);
});

test('a call while another one runs is rejected', async () => {
  const engine = new Engine({ model: learntModel(1, { window: 8 }) });
  const running = engine.process([block]);
  await assert.rejects(engine.process([block]), /another call has not ended/);
  assert.throws(() => engine.snapshot(), /another call/);
  await running;
  assert.ok(engine.snapshot().length > 0);
});

test('a net that fails leaves a swap undone, but an engine halfway through a batch unusable', async () => {
  const sound = learntModel(1, { window: 8 });
  const broken = {
    ...sound,
    version: 2,
    network: { inputWidth: 8, run: () => Promise.reject(new Error('out of luck')) },
  };
  const engine = new Engine({ model: builtInModel() });
  await engine.process([rowsOf(block, 0, 100)]);
  const before = engine.snapshot();
  await assert.rejects(engine.swap(broken), /out of luck/);
  assert.deepEqual(engine.snapshot(), before);
  const other = new Engine({ model: broken });
  await assert.rejects(other.process([rowsOf(block, 0, 200)]), /out of luck/);
  await assert.rejects(other.process([rowsOf(block, 200, 300)]), /restore from a snapshot/);
});

test('blocks and models of the wrong shape are refused before anything changes', async () => {
  const engine = new Engine({ model: builtInModel() });
  await assert.rejects(engine.process([{ ...block, values: new Float32Array(3) }]), /need 500 values, not 3/);
  await assert.rejects(
    engine.process([{ ...block, signals: ['a', 'a'], values: new Float32Array(1000) }]),
    /twice/,
  );
  assert.deepEqual([...engine.series()], []);
  assert.throws(() => new Engine({ model: { ...builtInModel(), version: 1 } }), /version 0/);
  const narrow = { ...learntModel(1, { window: 8 }), settings: builtInModel().settings };
  assert.throws(() => new Engine({ model: narrow }), /takes 8 numbers per window, the settings make 32/);
});
