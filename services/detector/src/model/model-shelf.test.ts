import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { Network } from '@verdict/detection';
import { createLogger, createMetrics } from '@verdict/process';
import { UnusableVersion } from '@verdict/storage';
import { detectorMetrics } from '../metrics.ts';
import { MemoryBlobs } from '../testing/memory-blobs.fixture.ts';
import { meanModel } from '../testing/scripted-detector.fixture.ts';
import type { ModelSource } from './load-model.ts';
import { ModelShelf } from './model-shelf.ts';
import { sharedNetwork } from './shared-network.ts';

const onnx = Buffer.from('a net');
const folder = 'models/default/shop/3';

function manifest(change: object = {}): Uint8Array {
  const time = '2026-01-01T00:00:00.000Z';
  const nothing = { series: 0, readings: 0, windows: 0, epochs: 0, seed: 0, seconds: 0 };
  return Buffer.from(
    JSON.stringify({
      manifestVersion: 1,
      model: 'shop',
      version: 3,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      signals: 'each',
      window: 8,
      calibration: { row: { border: 1, excess: 0.5 }, window: { border: 1, excess: 0.5 } },
      training: { from: time, to: time, ...nothing, lossBefore: 1, lossAfter: 0.5 },
      createdAt: time,
      ...change,
    }),
  );
}

function shelf(given: {
  manifest?: Uint8Array;
  onnx?: Uint8Array;
  run?: Network['run'];
  trusted?: ModelSource['trusted'];
}) {
  const blobs = new MemoryBlobs();
  if (given.manifest !== undefined) blobs.blobs.set(`${folder}/manifest.json`, given.manifest);
  if (given.onnx !== undefined) blobs.blobs.set(`${folder}/model.onnx`, given.onnx);
  const log = { opened: 0, closed: 0, said: [] as unknown[] };
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs, sleep: async () => undefined };
  const openNetwork = async () => {
    log.opened += 1;
    const { network } = meanModel(3);
    const close = async () => {
      log.closed += 1;
    };
    const net = network as Network;
    return { ...net, run: given.run ?? net.run, close };
  };
  const source = { blobs, trusted: given.trusted ?? null, openNetwork, namespace: 'default', model: 'shop' };
  const logger = createLogger({ name: 'test', level: 'silent' });
  logger.error = (facts: unknown) => log.said.push(facts);
  const passMs = (ms: number) => {
    nowMs += ms;
  };
  const registry = createMetrics();
  const metrics = detectorMetrics(registry);
  return { shelf: new ModelShelf(source, { clock, logger, metrics }), registry, blobs, log, passMs };
}

test('a version is loaded once for all partitions, behind the back of who asks', async () => {
  const { shelf: models, log } = shelf({ manifest: manifest(), onnx });
  assert.equal(models.ready(3), null);
  const [one, other] = await Promise.all([models.load(3), models.load(3)]);
  assert.equal(one, other);
  assert.equal(models.ready(3), one);
  assert.equal(log.opened, 1);
  assert.equal(one.settings.window, 8);
  await models.keepOnly(new Set([4]));
  assert.equal(log.closed, 1);
});

test('what a version was taught, and what its errors were like, is handed over from the manifest', async () => {
  const reference = {
    errors: Array.from({ length: 63 }, (_, index) => index / 10),
    inputs: { borders: [0], counts: [4, 5] },
  };
  const taught = [{ series: null, pattern: { cpu: 4 } }];
  const { shelf: models } = shelf({ manifest: manifest({ reference, taught }), onnx });
  const model = await models.load(3);
  assert.deepEqual([model.reference, model.taught], [reference, taught]);
  const old = await shelf({ manifest: manifest(), onnx }).shelf.load(3);
  assert.deepEqual([old.reference, old.taught], [null, []]);
});

const unusable = [
  ['no manifest', { onnx }, /manifest.json is missing/],
  ['no net', { manifest: manifest() }, /model.onnx is missing/],
  ['altered net', { manifest: manifest(), onnx: Buffer.from('another') }, /has SHA-256/],
  ['manifest of another version', { manifest: manifest({ version: 4 }), onnx }, /is of shop version 4/],
  ['manifest that is no JSON', { manifest: Buffer.from('{'), onnx }, /not JSON/],
  ['manifest without calibration', { manifest: manifest({ calibration: {} }), onnx }, /calibration/],
  ['net of another width', { manifest: manifest({ window: 16 }), onnx }, /takes \d+ numbers, not 16/],
  ['window that cannot work', { manifest: manifest({ window: 1000 }), onnx }, /window/],
] as const;

for (const [what, given, reason] of unusable)
  test(`a version with ${what} does not serve, and the reason is told`, async () => {
    const { shelf: models } = shelf(given);
    await assert.rejects(models.load(3), reason);
    assert.match(models.failure(3)?.message ?? '', reason);
    assert.ok(models.failure(3) instanceof UnusableVersion);
    await assert.rejects(models.load(3), (error) => error === models.failure(3));
    assert.equal(models.ready(3), null);
  });

test('a version that was missing is loaded when it has come', async () => {
  const { shelf: models, blobs, passMs } = shelf({ manifest: manifest() });
  await assert.rejects(models.load(3));
  blobs.blobs.set(`${folder}/model.onnx`, onnx);
  await assert.rejects(models.load(3), /missing/);
  passMs(5000);
  await models.load(3);
  assert.equal(models.failure(3), null);
});

test('calls of several engines to one net never overlap, and each keeps its own answer', async () => {
  const answer = new Float32Array(1);
  let running = 0;
  const network = sharedNetwork({
    inputWidth: 1,
    async run(rows) {
      running += 1;
      assert.equal(running, 1);
      await new Promise((resolve) => setImmediate(resolve));
      if (rows[0] === 2) throw new Error('broken');
      answer[0] = rows[0] ?? 0;
      running -= 1;
      return answer;
    },
  });
  const [one, three] = await Promise.all([1, 3].map((value) => network.run(Float32Array.of(value), 1)));
  assert.deepEqual([one?.[0], three?.[0]], [1, 3]);
});

test('a version that stays unloadable is complained of once per reason, and then every ten minutes', async () => {
  const { shelf: models, blobs, log, passMs } = shelf({ manifest: manifest() });
  const tryOn = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await assert.rejects(models.load(3));
      passMs(5000);
    }
  };
  const missing = { version: 3, reason: `${folder}/model.onnx is missing` };
  await tryOn(120);
  assert.deepEqual(log.said, [{ ...missing, failures: 1 }]);
  await tryOn(1);
  assert.deepEqual(log.said.slice(1), [{ ...missing, failures: 121 }]);
  blobs.blobs.delete(`${folder}/manifest.json`);
  await tryOn(2);
  assert.deepEqual(log.said.slice(2), [
    { version: 3, reason: `${folder}/manifest.json is missing`, failures: 1 },
  ]);
});

test('a net is not closed under a call that hangs, and the call of somebody who does not wait any more may end first', async () => {
  let answer: (rows: Float32Array) => void = () => undefined;
  const run = () => new Promise<Float32Array>((resolve) => (answer = resolve));
  const { shelf: models, log } = shelf({ manifest: manifest(), onnx, run });
  const model = await models.load(3);
  void model.network?.run(new Float32Array(8), 1);
  await models.keepOnly(new Set());
  assert.deepEqual([log.closed, log.said], [0, [{ version: 3 }]]);
  const again = await models.load(3);
  const asked = again.network?.run(new Float32Array(8), 1);
  await new Promise((resolve) => setImmediate(resolve));
  answer(new Float32Array(8));
  await asked;
  await models.keepOnly(new Set());
  assert.equal(log.closed, 1);
});

test('a version that nobody who is trusted signed is refused before its net is opened, counted, and tried again', async () => {
  const signed = { kid: 'known', verify: async () => true };
  const trusted: ModelSource['trusted'] = async () => [signed];
  const { shelf: models, registry, log } = shelf({ manifest: manifest(), onnx, trusted });
  await assert.rejects(models.load(3), /is not signed, and only signed versions are loaded/);
  assert.ok(models.failure(3) instanceof UnusableVersion, 'the version is at fault, as with a broken net');
  assert.equal(log.opened, 0);
  assert.match(await registry.metrics(), /unusable_versions_total\{fault="signature"\} 1/);
});
