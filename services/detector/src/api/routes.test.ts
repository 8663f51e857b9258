import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import type { Role } from '@verdict/contracts';
import { createHttpApp, createLogger, createMetrics, type Listening, listen } from '@verdict/process';
import { encodeReadings } from '@verdict/streams';
import { HeldPartitions } from '../claim/held-partitions.ts';
import { scriptBlock, scriptStartMs } from '../testing/reading-script.fixture.ts';
import { meanModel, pool, ScriptedWorld, shopOrders } from '../testing/scripted-detector.fixture.ts';
import { detectorRoutes } from './routes.ts';

const world = new ScriptedWorld();
const held = new HeldPartitions();
const stop = new AbortController();
let orders = shopOrders(0);
let problem: string | null = null;
let edge: Listening;
let working: Promise<void>;

before(async () => {
  world.orders = () => orders;
  await world.send([encodeReadings([scriptBlock('shop/cart', 0, 70)])]);
  const models = {
    ready: (version: number) => (problem === null ? meanModel(version) : null),
    load: async (version: number) => {
      if (problem !== null) throw new Error(problem);
      return meanModel(version);
    },
    failure: () => (problem === null ? null : new Error(problem)),
  };
  working = world.claim(world.parts({ models }), stop.signal, held);
  const routes = detectorRoutes({
    holder: 'me',
    pool,
    model: () => 'shop',
    held,
    models: () => models,
    orders: () => orders,
    refresh: async () => orders,
  });
  const app = createHttpApp({
    name: 'detector',
    routes,
    verifyToken: async (token) => ({ name: token, roles: [token as Role], expiresAtMs: Infinity }),
    metrics: createMetrics(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  edge = await listen(createServer(app), { host: '127.0.0.1', port: 0 });
  for (let turn = 0; turn < 5000 && world.store.checkpoint < 0; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
});

after(async () => {
  stop.abort();
  await working;
  await edge.close();
});

async function call(path: string, role: Role, body?: unknown) {
  const response = await fetch(edge.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${role}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('the status names every held partition', async () => {
  const { status, body } = await call('/status', 'viewer');
  assert.equal(status, 200);
  assert.deepEqual(body, {
    holder: 'me',
    pool,
    model: 'shop',
    planRevision: 0,
    partitions: [
      {
        partition: '0',
        epoch: 2,
        version: 0,
        shadow: null,
        overlay: 0,
        state: 'running',
        checkpoint: 0,
        series: 1,
        readings: 70,
      },
    ],
  });
});

test('tails are the readings that are not in history, and those that became it a moment ago', async () => {
  const ask = (afterMs: number) =>
    call('/tails', 'service', { series: [{ key: 'shop/cart', after: afterMs }] });
  const newest = await ask(scriptStartMs + 64_000);
  const [tail] = newest.body.tails as { times: number[]; signals: string[]; values: number[] }[];
  assert.deepEqual(
    tail?.times,
    [65, 66, 67, 68, 69].map((second) => scriptStartMs + second * 1000),
  );
  assert.deepEqual(tail?.signals, ['cpu', 'mem']);
  assert.equal(tail?.values.length, 10);
  assert.deepEqual((await ask(scriptStartMs + 70_000)).body, { tails: [] });
  assert.deepEqual((await call('/tails', 'service', { series: [{ key: 'shop/unknown', after: 0 }] })).body, {
    tails: [],
  });
});

test('an update of an older revision is refused, and only services may ask for one', async () => {
  orders = { ...shopOrders(0), plan: { ...shopOrders(0).plan, revision: 7 } };
  assert.equal((await call('/update', 'service', { revision: 6 })).status, 409);
  assert.equal((await call('/update', 'viewer', { revision: 7 })).status, 403);
  assert.equal((await call('/update', 'service', { revision: 'x' })).status, 400);
  assert.deepEqual((await call('/update', 'service', { revision: 7 })).body, {
    revision: 7,
    partitions: { 0: { version: 0, overlay: 0 } },
  });
});

test('a version that cannot be loaded leaves the old one in force, and the status says why', async () => {
  const before = held.all()[0]?.run?.memory.engine.version;
  problem = 'models/default/shop/9/model.onnx is missing';
  orders = { ...shopOrders(9), plan: { ...shopOrders(9).plan, revision: 9 } };
  const { body } = await call('/update', 'service', { revision: 9 });
  assert.deepEqual(body, { revision: 9, partitions: { 0: { version: before, overlay: 0 } } });
  const status = await call('/status', 'viewer');
  const [partition] = status.body.partitions as { reason?: string }[];
  assert.equal(partition?.reason, problem);
  problem = null;
});

test('the answers name the memory that is in force, and the version that fails', async () => {
  const version = held.all()[0]?.run?.memory.engine.version ?? 0;
  const overlay = { number: 5, memory: new Map() };
  orders = { ...shopOrders(version), plan: { ...shopOrders(version).plan, revision: 11 }, overlay };
  const { body } = await call('/update', 'service', { revision: 11 });
  assert.deepEqual(body, { revision: 11, partitions: { 0: { version, overlay: 5 } } });
  const status = async () => {
    const { partitions } = (await call('/status', 'viewer')).body;
    return (partitions as { overlay: number; reason?: string }[])[0];
  };
  for (let turn = 0; turn < 200 && (await status())?.overlay !== 5; turn += 1);
  assert.equal((await status())?.overlay, 5);
  held.all()[0]?.troubles.note(12, 'version 12 fails: bad net');
  orders = { ...shopOrders(12), plan: { ...shopOrders(12).plan, revision: 12 }, overlay };
  const answer = await call('/update', 'service', { revision: 12 });
  assert.deepEqual(answer.body, { revision: 12, partitions: { 0: { version, overlay: 5 } } });
  assert.equal((await status())?.reason, 'version 12 fails: bad net');
});
