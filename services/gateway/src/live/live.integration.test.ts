import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import type {
  AnomalyMessage,
  ClientToServer,
  FeedbackMessage,
  ScoredReadings,
  ServerToClient,
  WatchAck,
} from '@verdict/contracts';
import { generateKeyPair, SignJWT } from 'jose';
import { io, type Socket } from 'socket.io-client';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { feedbackRecorder } from '../feedback-recorder.fixture.ts';
import { caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';
import { sampleRollout } from '../rollouts/sample-rollout.fixture.ts';
import { type StandInDetector, standInDetector, tailOf } from '../stand-in-detector.fixture.ts';

let platform: Platform;
let detector: StandInDetector;
let pool: CommittedPool;
let url: string;
const sockets: Socket[] = [];

before(async () => {
  platform = await startPlatform();
  detector = await standInDetector(platform.key);
  pool = await commitPool(platform.stores, detector.url);
  ({ url } = await platform.startGateway());
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
after(async () => {
  await platform.stop();
  await detector.close(100);
});

const newId = (): string => randomBytes(12).toString('hex');
type Client = Socket<ServerToClient, ClientToServer>;

function client(to: string, auth: object, options: object = {}): Client {
  const socket: Client = io(to, {
    auth,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    ...options,
  });
  sockets.push(socket as Socket);
  return socket;
}

async function connected(to = url): Promise<Client> {
  const socket = client(to, { token: await platform.token('vic', 'viewer') });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Why a connection was refused; fails when it was not. */
function refusal(socket: Client): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => reject(new Error('it was let in')));
    socket.once('connect_error', (error) => resolve(error.message));
  });
}

test('without a good token nobody is connected, on any namespace or transport', async () => {
  const good = await platform.token('vic', 'viewer');
  const other = await generateKeyPair('ES256');
  const forged = await new SignJWT({ sub: 'vic', roles: ['admin'] })
    .setProtectedHeader({ alg: 'ES256', kid: platform.key.kid })
    .setIssuer('verdict')
    .setAudience('verdict')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(other.privateKey);
  const bad = [
    {},
    { token: '' },
    { token: 7 },
    { token: ['x'] },
    { token: { $ne: '' } },
    { token: 'x' },
    { token: forged },
  ];
  for (const auth of bad) assert.match(await refusal(client(url, auth)), /token/, JSON.stringify(auth));
  assert.match(await refusal(client(`${url}/admin`, { token: good })), /Invalid namespace/);
  assert.match(await refusal(client(url, {}, { transports: ['polling'] })), /token/);
});

test('foreign origins and hosts are refused before anything else', async () => {
  const token = await platform.token('vic', 'viewer');
  for (const extraHeaders of [{ origin: 'https://evil.example' }, { host: 'evil.example' }])
    await refusal(client(url, { token }, { extraHeaders }));
  const same = client(url, { token }, { extraHeaders: { origin: url } });
  await new Promise<void>((resolve) => same.once('connect', resolve));
});

test('an anomaly that one gateway is told of reaches the clients of every gateway', async () => {
  const second = await platform.startGateway();
  const received: string[] = [];
  for (const socket of [await connected(), await connected(second.url)])
    socket.on('anomaly', ({ kind, anomaly }: AnomalyMessage) =>
      received.push(`${kind} ${anomaly.id} ${anomaly.revision}`),
    );
  const { id } = await pool.commitAnomaly({ id: newId() });
  const service = caller(url, await platform.token('detector', 'service'));
  await service('POST', '/anomaly', { changes: [{ kind: 'opened', anomalyId: id, revision: 1 }] });
  await eventually(() => received.length >= 2);
  await pool.commitAnomaly({ id, revision: 2, state: 'closed', kind: 'closed' });
  await service('POST', '/anomaly', { changes: [{ kind: 'closed', anomalyId: id, revision: 2 }] });
  await eventually(() => received.length >= 4);
  assert.deepEqual(received.sort(), [`closed ${id} 2`, `closed ${id} 2`, `opened ${id} 1`, `opened ${id} 1`]);
});

test('verdicts, models and pools are told when they change', async () => {
  const socket = await connected();
  const feedback: FeedbackMessage[] = [];
  const resources: string[] = [];
  socket.on('feedback', (message) => feedback.push(message));
  socket.on('model', ({ name }) => resources.push(`model ${name}`));
  socket.on('pool', ({ name }) => resources.push(`pool ${name}`));
  const { id } = await pool.commitAnomaly({ id: newId() });
  await feedbackRecorder(platform.stores).verdict(id, 'ann', 'true');
  const told = await eventually(() => feedback[0]);
  assert.deepEqual(
    [told.anomalyId, told.verdicts[0]?.person, told.verdicts[0]?.verdict],
    [id, 'ann', 'true'],
  );
  await commitPlan();
  await eventually(() => resources.includes('pool shop'));
  const [model] = await platform.stores.registry.models();
  if (model !== undefined) await platform.stores.registry.putModel(model);
  await eventually(() => resources.includes('model shop'));
});

test('what happens in a rollout is told in the sentences of whoever runs it', async () => {
  const socket = await connected();
  const sentences: string[] = [];
  socket.on('pool', ({ name, event }) => sentences.push(`${name}: ${event}`));
  const { rollouts } = platform.stores;
  const { revision } = await rollouts.get('default/shop');
  const message = 'Version 2 serves 4 of 8 partitions';
  const events = [
    { reason: 'StepStarted', message },
    { reason: 'Paused', message: 'Rollouts are paused by command' },
  ] as const;
  await rollouts.put('default/shop', revision, { state: sampleRollout(), baseline: null, events });
  await eventually(() => sentences.length >= 2);
  assert.deepEqual(sentences, [`shop: ${message}`, 'shop: Rollouts are paused by command']);
});

async function commitPlan(): Promise<void> {
  const { revision } = await platform.stores.plans.plan('default/shop');
  await platform.stores.plans.writePlan('default/shop', revision, {});
}

const ask = (socket: Client, event: 'watch' | 'unwatch', request: unknown): Promise<WatchAck> =>
  new Promise((resolve) => socket.emit(event, request as { series: string[] }, resolve));

test('watched series bring live readings, once each, until they are unwatched', async () => {
  const startMs = Date.now();
  await pool.commit({
    series: [
      {
        series: 'shop/live',
        signals: ['cpu'],
        state: 'scored',
        readings: 1,
        firstMs: startMs,
        lastMs: startMs,
        score: 0,
        openAnomaly: null,
      },
    ],
  });
  const socket = await connected();
  const received: number[] = [];
  socket.on('readings', (tail: ScoredReadings) => received.push(...tail.times));
  detector.tails = [tailOf('shop/live', [startMs, startMs + 1, startMs + 2])];
  assert.deepEqual(await ask(socket, 'watch', { series: ['shop/live', 'shop/unknown'] }), { ok: true });
  await eventually(() => received.length === 2);
  detector.tails = [tailOf('shop/live', [startMs + 2, startMs + 3])];
  await eventually(() => received.length === 3);
  assert.deepEqual(received, [startMs + 1, startMs + 2, startMs + 3]);
  assert.deepEqual(await ask(socket, 'unwatch', { series: ['shop/live'] }), { ok: true });
  assert.equal((await ask(socket, 'watch', { series: [] })).ok, false);
  assert.equal((await ask(socket, 'watch', { series: ['a//b'] })).ok, false);
  assert.equal((await ask(socket, 'watch', 'everything')).ok, false);
  const many = (count: number, name: string) => ({
    series: Array.from({ length: count }, (_, i) => `${name}/${i}`),
  });
  assert.deepEqual(await ask(socket, 'watch', many(50, 'a')), {
    ok: false,
    error: 'At most 50 series can be watched at once.',
  });
  assert.deepEqual(await ask(socket, 'unwatch', { series: ['shop/unknown'] }), { ok: true });
  assert.deepEqual(await ask(socket, 'watch', many(50, 'a')), { ok: true });
});

test('whoever watches several series gets the readings of all of them at each tick', async () => {
  const startMs = Date.now();
  const keys = ['shop/one', 'shop/two', 'shop/three'];
  const status = { signals: ['cpu'], state: 'scored', readings: 1, score: 0, openAnomaly: null } as const;
  const times = { firstMs: startMs, lastMs: startMs };
  await pool.commit({ series: keys.map((series) => ({ series, ...status, ...times })) });
  const socket = await connected();
  const received = new Map<string, number[]>();
  socket.on('readings', ({ series, times }) =>
    received.set(series, [...(received.get(series) ?? []), ...times]),
  );
  detector.tails = [];
  assert.deepEqual(await ask(socket, 'watch', { series: keys }), { ok: true });
  for (const newest of [1, 2, 3]) {
    detector.tails = keys.map((series) => tailOf(series, [startMs + newest]));
    await eventually(() => keys.every((series) => received.get(series)?.includes(startMs + newest)));
  }
  for (const series of keys) assert.deepEqual(received.get(series), [startMs + 1, startMs + 2, startMs + 3]);
});

function tokenUntil(expirySeconds: number): Promise<string> {
  return new SignJWT({ sub: 'vic', roles: ['viewer'] })
    .setProtectedHeader({ alg: 'ES256', kid: platform.key.kid })
    .setIssuer('verdict')
    .setAudience('verdict')
    .setIssuedAt()
    .setExpirationTime(expirySeconds)
    .sign(platform.key.privateKey);
}

test('a connection ends when its token expires', async () => {
  const socket = client(url, { token: await tokenUntil(Math.floor(Date.now() / 1000) + 2) });
  const reason = await new Promise<string>((resolve) => socket.once('disconnect', resolve));
  assert.equal(reason, 'io server disconnect');
});

test('a token that is good for years does not end its connection at once', async () => {
  const socket = client(url, { token: await tokenUntil(Date.UTC(2100, 0) / 1000) });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  for (let asked = 0; asked < 20; asked++)
    assert.deepEqual(await ask(socket, 'watch', { series: ['shop/cart'] }), { ok: true });
  assert.equal(socket.connected, true);
});

test('a message beyond 64 KB ends the connection', async () => {
  const socket = await connected();
  const ended = new Promise<string>((resolve) => socket.once('disconnect', resolve));
  socket.emit('watch', { series: ['x'.repeat(70_000)] }, () => {});
  assert.match(await ended, /transport/);
});

test('what changed while the database was away is told when it is back', async () => {
  const socket = await connected();
  const received = new Set<string>();
  socket.on('anomaly', ({ anomaly }: AnomalyMessage) => received.add(anomaly.id));
  await platform.server.kill9();
  await platform.server.restart();
  const missed = newId();
  await eventually(() =>
    pool.commitAnomaly({ id: missed }).then(
      () => true,
      () => false,
    ),
  );
  // Told once, perhaps while nobody listens yet: either the notice arrives or the gap is made good.
  await platform.stores.anomalies.announce({ id: missed, revision: 1, kind: 'opened' });
  await eventually(() => received.has(missed));
});
