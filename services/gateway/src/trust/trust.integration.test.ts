import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type ClientToServer,
  ModelView,
  type ServerToClient,
  TrustHistory,
  type TrustMessage,
  type TrustPoint,
} from '@verdict/contracts';
import { io, type Socket } from 'socket.io-client';
import { commitPool } from '../committed.fixture.ts';
import { caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';
import { sampleTrust } from './sample-trust.fixture.ts';

let platform: Platform;
let url: string;
let viewer: ReturnType<typeof caller>;
let socket: Socket<ServerToClient, ClientToServer>;
const told: TrustMessage[] = [];
const nowMs = Date.now();
const hourMs = 3_600_000;

before(async () => {
  platform = await startPlatform();
  await commitPool(platform.stores, null);
  ({ url } = await platform.startGateway());
  const token = await platform.token('vic', 'viewer');
  viewer = caller(url, token);
  socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false });
  socket.on('trust', (message) => told.push(message));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
});
after(async () => {
  socket.disconnect();
  await platform.stop();
});

const point = (atMs: number): TrustPoint => ({
  at: new Date(atMs).toISOString(),
  version: 1,
  state: 'good',
  mean: 0.8,
  low: 0.6,
  high: 0.93,
  judged: 10,
  precision: 0.8,
  recall: null,
  labelCoverage: 0.5,
});

async function put(revision: number, atMs: number, tell: boolean): Promise<void> {
  const stored = await platform.stores.trust.put({
    namespace: 'default',
    model: 'shop',
    expectedRevision: revision,
    trust: sampleTrust(atMs),
    signs: {},
    point: point(atMs),
    tell,
  });
  assert.equal(stored, true);
}

/** Lines of the metrics that begin with a name. */
async function metric(name: string): Promise<string[]> {
  const { status, body } = await caller(url)('GET', '/metrics');
  assert.equal(status, 200);
  return String(body)
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`));
}

test('before anybody looked at a model its trust is unknown, not zero', async () => {
  const [model] = (await viewer('GET', '/models')).body.items;
  assert.deepEqual([ModelView.parse(model).trust, model.asked], [null, null]);
  assert.deepEqual(await metric('verdict_model_precision'), []);
  assert.deepEqual(await metric('verdict_model_version'), [
    'verdict_model_version{namespace="default",model="shop"} 0',
  ]);
  assert.equal((await metric('verdict_rollout_phase')).filter((line) => line.endsWith(' 1')).length, 1);
});

test('trust is told live, shown with the model, and kept over time', async () => {
  await put(0, nowMs - 30 * hourMs, false);
  await put(1, nowMs - 2 * hourMs, false);
  await put(2, nowMs, true);
  const message = await eventually(() => told[0]);
  assert.deepEqual(message, { namespace: 'default', name: 'shop', trust: sampleTrust(nowMs) });
  const [model] = (await viewer('GET', '/models')).body.items;
  assert.deepEqual(ModelView.parse(model).trust, sampleTrust(nowMs));
  const points = async (query: string): Promise<string[]> =>
    TrustHistory.parse((await viewer('GET', `/models/shop/trust?${query}`)).body).points.map(({ at }) => at);
  const times = [30, 2, 0].map((hours) => new Date(nowMs - hours * hourMs).toISOString());
  assert.deepEqual(await points(''), times.slice(1));
  assert.deepEqual(await points(`from=${new Date(nowMs - 48 * hourMs).toISOString()}`), times);
  assert.deepEqual(await points(`to=${new Date(nowMs - hourMs).toISOString()}`), times.slice(1, 2));
  const status = async (path: string): Promise<number> => (await viewer('GET', path)).status;
  assert.equal(await status('/models/none/trust'), 404);
  assert.equal(await status('/models/shop/trust?namespace=none'), 404);
  assert.equal(await status(`/models/shop/trust?from=${times[2]}&to=${times[0]}`), 400);
  assert.equal(await status('/models/shop/trust?from=yesterday'), 400);
  assert.equal((await caller(url)('GET', '/models/shop/trust')).status, 401);
});

test('trust that is found out many times at once is told as it is in the end', async () => {
  told.length = 0;
  for (let look = 1; look <= 40; look++) await put(2 + look, nowMs + look, true);
  const newest = new Date(nowMs + 40).toISOString();
  await eventually(() => told.at(-1)?.trust.at === newest);
  assert.ok(told.length <= 40);
});

test('figures to alert on are on /metrics, without those that are not known', async () => {
  const own = 'namespace="default",model="shop"';
  // They are read every five seconds at most.
  await eventually(async () => (await metric('verdict_model_precision')).length > 0);
  assert.deepEqual(await metric('verdict_model_precision'), [
    `verdict_model_precision{${own},bound="mean"} 0.8`,
    `verdict_model_precision{${own},bound="low"} 0.6`,
    `verdict_model_precision{${own},bound="high"} 0.93`,
  ]);
  assert.deepEqual(await metric('verdict_model_recall'), []);
  assert.deepEqual(await metric('verdict_model_label_coverage'), [
    `verdict_model_label_coverage{${own}} 0.5`,
  ]);
  assert.deepEqual(await metric('verdict_model_judged_anomalies'), [
    `verdict_model_judged_anomalies{${own}} 10`,
  ]);
  assert.deepEqual(await metric('verdict_model_missed_anomalies'), [
    `verdict_model_missed_anomalies{${own}} 3`,
  ]);
  assert.deepEqual(await metric('verdict_model_confidence'), [
    `verdict_model_confidence{${own},state="good"} 1`,
    `verdict_model_confidence{${own},state="unknown"} 0`,
    `verdict_model_confidence{${own},state="bad"} 0`,
  ]);
  assert.equal((await metric('verdict_model_confidence_share')).length, 3);
  assert.deepEqual(await metric('verdict_model_sign'), [
    `verdict_model_sign{${own},sign="calibration"} 0.01`,
    `verdict_model_sign{${own},sign="alarm-rate"} 7`,
  ]);
  assert.deepEqual(await metric('verdict_model_sign_active'), [
    `verdict_model_sign_active{${own},sign="calibration"} 0`,
    `verdict_model_sign_active{${own},sign="alarm-rate"} 1`,
    `verdict_model_sign_active{${own},sign="drift"} 0`,
  ]);
  const [age] = await metric('verdict_model_trust_age_seconds');
  assert.ok(Number(age?.split(' ')[1]) < 120);
  assert.ok(
    (await metric('verdict_rollout_phase')).includes(
      'verdict_rollout_phase{namespace="default",pool="shop",phase="idle"} 1',
    ),
  );
});

test('without the database the metrics answer without these figures, and have them again afterwards', async () => {
  await platform.server.kill9();
  await eventually(async () => (await metric('verdict_model_precision')).length === 0);
  assert.deepEqual(await metric('verdict_model_version'), []);
  const { body } = await caller(url)('GET', '/metrics');
  assert.match(String(body), /verdict_gateway_live_connections 1/);
  told.length = 0;
  await platform.server.restart();
  // The feed has a gap then: trust in every model is told again.
  assert.equal((await eventually(() => told[0])).name, 'shop');
  await eventually(async () => (await metric('verdict_model_precision')).length === 3);
});
