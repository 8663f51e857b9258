import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { AnomalyModelSpec, DetectorPoolSpec, type DetectorStatus } from '@verdict/contracts';
import { type Emulator, startEmulator } from '@verdict/event-hubs-emulator';
import {
  type Database,
  migrate,
  openDatabase,
  openFolderBlobs,
  openStores,
  type Stores,
} from '@verdict/storage';
import { startTestDatabase, type TestDatabase } from '@verdict/storage/testing';
import { type EventSink, encodeReadings, openEventHubs } from '@verdict/streams';
import { ChildDetector } from './testing/child-detector.fixture.ts';
import { scriptBlock } from './testing/reading-script.fixture.ts';
import { standInGateway } from './testing/stand-in-gateway.fixture.ts';

/** y = tanh(x), batch × 8, written by the exporter of the training package. */
const onnx = Buffer.from(
  'CAgSB3ZlcmRpY3Q6agoiCgZ3aW5kb3cSCGV4cGVjdGVkGghleHBlY3RlZCIEVGFuaBIEaGFsZlodCgZ3aW5kb3cSEwoRCAESDQoHEgViYXRj' +
    'aAoCCAhiHwoIZXhwZWN0ZWQSEwoRCAESDQoHEgViYXRjaAoCCAhCAhAR',
  'base64',
);
const pool = 'default/shop';
const running: ChildDetector[] = [];
let server: TestDatabase;
let database: Database;
let folder: string;
let emulator: Emulator;
let sink: EventSink;
let gateway: Awaited<ReturnType<typeof standInGateway>>;
let stores: Stores;
let env: Record<string, string>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdict-detector-'));
  emulator = await startEmulator({
    dataFolder: join(folder, 'hubs'),
    hubs: [{ name: 'data', partitions: 2, consumerGroups: ['shop'] }],
  });
  server = await startTestDatabase();
  await migrate(server.url);
  database = openDatabase({ url: server.url, applicationName: 'test' });
  stores = openStores(database);
  gateway = await standInGateway();
  sink = openEventHubs({ connectionString: emulator.connectionString, hub: 'data' }).sink();
  await writeFile(join(folder, 'password'), 'secret\n', { mode: 0o600 });
  const blobs = await openFolderBlobs(join(folder, 'blobs'));
  await blobs.put('models/default/shop/1/model.onnx', onnx);
  await blobs.put('models/default/shop/1/manifest.json', manifest());
  env = {
    VERDICT_DATABASE_URL: server.url,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: emulator.connectionString,
    VERDICT_BLOBS_URL: `file://${join(folder, 'blobs')}`,
    VERDICT_GATEWAY_URL: gateway.url,
    VERDICT_POOL: 'shop',
    VERDICT_SERVICE_USER: 'detector',
    VERDICT_SERVICE_PASSWORD_FILE: join(folder, 'password'),
  };
});

after(async () => {
  for (const detector of running) await detector.end('SIGKILL');
  await sink.close();
  await emulator.stop();
  await gateway.stop();
  await database.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function manifest(): Uint8Array {
  const time = new Date(0).toISOString();
  const counts = { series: 1, readings: 1, windows: 1, epochs: 1, seed: 1, seconds: 1 };
  const tail = { border: 1, excess: 0.5 };
  return Buffer.from(
    JSON.stringify({
      manifestVersion: 1,
      model: 'shop',
      version: 1,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      signals: 'each',
      window: 8,
      calibration: { row: tail, window: tail },
      training: { from: time, to: time, ...counts, lossBefore: 1, lossAfter: 1 },
      createdAt: time,
    }),
  );
}

async function start(): Promise<ChildDetector> {
  const detector = await ChildDetector.start(env);
  running.push(detector);
  return detector;
}

/** Polls until it is so. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + 40_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadlineMs, `not in time: ${what}\n${running.map(({ log }) => log).join('\n')}`);
    await delay(50);
  }
}

async function send(from: number, to: number): Promise<void> {
  for (const [partition, series] of ['shop/cart', 'shop/checkout'].entries())
    for (let at = from; at < to; at += 5)
      await sink.send(String(partition), [encodeReadings([scriptBlock(series, at, at + 5)])]);
}

const committed = async (sequence: number) => {
  const { partitions } = await stores.plans.poolState(pool);
  return partitions.length === 2 && partitions.every(({ checkpoint }) => checkpoint === sequence);
};

test('real detectors: waiting, serving, swapping, killed, taken over, stopped', async () => {
  const first = await start();
  await until('it says what it waits for', async () => {
    const { status, text } = await first.get('/readyz');
    return status === 503 && text.includes('DetectorPool default/shop is not declared');
  });
  assert.equal((await first.get('/status')).status, 503);
  const spec = AnomalyModelSpec.parse({ series: ['shop/**'], window: 8 });
  await stores.registry.putModel({ namespace: 'default', name: 'shop', spec });
  const poolSpec = DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop', replicas: 1 });
  await stores.plans.putPool({ namespace: 'default', name: 'shop', spec: poolSpec });
  await send(0, 100);
  await until('the first readings are committed', () => committed(19));
  await until('it is ready', async () => (await first.get('/readyz')).status === 200);

  // A version is scored beside.
  const before = { version: 0, shadow: 1, fallback: null };
  await stores.plans.writePlan(pool, 0, { 0: before, 1: before });
  await first.post('/update', { revision: 1 });
  const shadows = async () => (await stores.plans.poolState(pool)).partitions.map(({ shadow }) => shadow);
  await until('the shadow is there', async () => (await shadows()).every((shadow) => shadow === 1));
  await send(100, 150);
  await until('both have scored', () => committed(29));

  // It takes the place, by the plan and POST /update, and the other one stays beside it.
  const planned = { version: 1, shadow: 0, fallback: 0 };
  const plan = await stores.plans.writePlan(pool, 1, { 0: planned, 1: planned });
  const update = await first.post('/update', { revision: plan?.revision ?? 0 });
  assert.deepEqual(JSON.parse(update.text), {
    revision: plan?.revision,
    partitions: { 0: { version: 1, overlay: 0 }, 1: { version: 1, overlay: 0 } },
  });
  await until('the version is in force', async () =>
    (await stores.plans.poolState(pool)).partitions.every(({ version }) => version === 1),
  );
  assert.equal((await first.post('/update', { revision: 0 })).status, 409);

  // A false alarm is remembered: in force at once, and recorded.
  const entry = { anomalyId: 'a'.repeat(24), series: 'shop/elsewhere', patterns: [{ cpu: 3 }], untilMs: 1 };
  const overlay = await stores.overlays.amend(pool, { add: [entry], remove: [] });
  const remembered = await first.post('/update', { revision: plan?.revision ?? 0 });
  assert.deepEqual(JSON.parse(remembered.text).partitions[0], { version: 1, overlay });
  await until('the memory is in force', async () => {
    const { partitions } = JSON.parse((await first.get('/status')).text) as DetectorStatus;
    return partitions.length === 2 && partitions.every((one) => one.overlay === overlay);
  });

  // Killed in the middle; another one takes over and loses nothing.
  const second = await start();
  await until('both hold one partition', async () => {
    const { partitions } = await stores.plans.poolState(pool);
    return new Set(partitions.map(({ holder }) => holder)).size === 2;
  });
  const sending = send(150, 400);
  await until('both are at work', async () =>
    (await stores.plans.poolState(pool)).partitions.every(({ checkpoint }) => checkpoint > 30),
  );
  await first.end('SIGKILL');
  await sending;
  await until('everything is committed', () => committed(79));
  await until('the heir holds both', async () => {
    const { partitions } = JSON.parse((await second.get('/status')).text) as DetectorStatus;
    return partitions.length === 2 && partitions.every(({ state }) => state === 'running');
  });
  const status = JSON.parse((await second.get('/status')).text) as DetectorStatus;
  assert.deepEqual(
    status.partitions.map(({ version, shadow, series, checkpoint }) => [version, shadow, series, checkpoint]),
    [
      [1, 0, 1, 79],
      [1, 0, 1, 79],
    ],
  );
  assert.deepEqual(await timesOf('shop/cart', second), scriptBlock('shop/cart', 0, 400).times);
  assert.deepEqual(await timesOf('shop/checkout', second), scriptBlock('shop/checkout', 0, 400).times);
  const { items } = await stores.anomalies.list({ limit: 500 });
  assert.ok(items.length >= 2);
  await until('every anomaly is told', async () =>
    items.every(({ id, revision }) =>
      gateway.told.some((change) => change.anomalyId === id && change.revision === revision),
    ),
  );
  const metrics = (await second.get('/metrics')).text;
  assert.match(metrics, /verdict_detector_model_version\{partition="0"\} 1/);
  assert.match(metrics, new RegExp(`verdict_detector_overlay\\{partition="0"\\} ${overlay}`));
  const figures = await stores.rollouts.figures(pool);
  assert.deepEqual(
    [0, 1].map((partition) =>
      figures
        .filter((life) => life.partition === String(partition))
        .reduce((sum, life) => sum + life.readings, 0),
    ),
    [400, 400],
    'every reading is counted once, whoever was killed',
  );
  const compared = await stores.rollouts.shadows(pool);
  assert.deepEqual(
    compared.map(({ partition, version, shadow, readings }) => [partition, version, shadow, readings]),
    [
      ['0', 0, 1, 50],
      ['0', 1, 0, 250],
      ['1', 0, 1, 50],
      ['1', 1, 0, 250],
    ],
    'every reading is compared once, whoever was killed',
  );
  assert.ok(compared.every(({ trouble }) => trouble === null));
  assert.ok((await second.get('/openapi.json')).text.includes('"/tails"'));
  assert.equal((await second.get('/docs/')).status, 200);

  assert.equal(await second.end('SIGTERM'), 0);
  const { partitions } = await stores.plans.poolState(pool);
  assert.deepEqual(
    partitions.map(({ holder }) => holder),
    [null, null],
  );
});

/** Times of all readings of a series: memory first, history second, as the gateway reads them. */
async function timesOf(series: string, detector: ChildDetector): Promise<Float64Array> {
  const { text } = await detector.post('/tails', { series: [{ key: series, after: 0 }] });
  const { tails } = JSON.parse(text) as { tails: { times: number[] }[] };
  const range = { pool, series, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER, limit: 10_000 };
  const history = [...((await stores.history.read(range))?.times ?? [])];
  assert.equal(new Set(history).size, history.length);
  const all = new Set([...history, ...(tails[0]?.times ?? [])]);
  return Float64Array.from([...all].sort((a, b) => a - b));
}
