import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { io } from 'socket.io-client';
import { type Answer, caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
let url: string;
let admin: ReturnType<typeof caller>;

before(async () => {
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
  admin = caller(url, await platform.token('root', 'admin'));
});
after(() => platform.stop());

async function newKey(request: object = {}): Promise<{ key: string; id: string }> {
  const { status, body } = await admin('POST', '/keys', {
    name: 'shop agents',
    seriesPrefix: 'shop/',
    ...request,
  });
  assert.equal(status, 201);
  return { key: body.key, id: body.view.id };
}

const readingsOf = (...series: string[]) => ({
  readings: series.map((key) => ({ series: key, time: Date.now(), values: { cpu: 1 } })),
});

function send(key: string, series = 'shop/cart', to = url): Promise<Answer> {
  return caller(to)('POST', '/data', readingsOf(series), { 'x-api-key': key });
}

test('a key sends readings, by either header, and is shown once', async () => {
  const { key, id } = await newKey();
  assert.match(key, /^vk_[0-9a-f]{12}_[\w-]{43}$/);
  assert.equal((await send(key)).status, 202);
  assert.equal((await caller(url, key)('POST', '/data', readingsOf('shop/cart'))).status, 202);
  const { body } = await admin('GET', '/keys');
  const view = body.items.find((item: { id: string }) => item.id === id);
  assert.deepEqual(
    [view.name, view.seriesPrefix, view.state, view.createdBy, view.expiresAt],
    ['shop agents', 'shop/', 'active', 'root', null],
  );
  assert.equal(JSON.stringify(body).includes(key.slice(16)), false);
  const [row] = await platform.database.query<{ text: string }>('SELECT api_key::text AS text FROM api_key');
  assert.equal(row?.text.includes(key.slice(16)), false);
});

test('a key sends nothing beyond its prefix, and then nothing of the request at all', async () => {
  const { key } = await newKey();
  const refused = await send(key, 'bank/ledger');
  assert.equal(refused.status, 403);
  assert.match(refused.body.detail, /begin with "shop\/"; "bank\/ledger" does not/);
  const mixed = readingsOf('shop/cart', 'shopping/cart');
  assert.equal((await caller(url)('POST', '/data', mixed, { 'x-api-key': key })).status, 403);
  const { key: any } = await newKey({ seriesPrefix: '' });
  assert.equal((await send(any, 'bank/ledger')).status, 202);
});

test('the doors of other protocols take keys too, and keep to their prefix', async () => {
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 0.5 };
  const attributes = [{ key: 'service.name', value: { stringValue: 'cart' } }];
  const metrics = [{ name: 'cpu', gauge: { dataPoints: [point] } }];
  const request = { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ metrics }] }] };
  const [{ key: any }, { key: none }] = [
    await newKey({ seriesPrefix: '' }),
    await newKey({ seriesPrefix: 'never/' }),
  ];
  const export_ = (key: string) => caller(url)('POST', '/v1/metrics', request, { 'x-api-key': key });
  assert.equal((await export_(any)).status, 200);
  assert.equal((await export_(none)).status, 403);
});

test('a key opens no other door, and no live connection', async () => {
  const { key } = await newKey({ seriesPrefix: '' });
  for (const path of ['/anomalies', '/series', '/models', '/keys', '/coverage'])
    assert.equal((await caller(url, key)('GET', path)).status, 403, path);
  assert.equal((await caller(url, key)('POST', '/keys', { name: 'x' })).status, 403);
  const socket = io(url, {
    auth: { token: key },
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  const refusal = await new Promise<string>((resolve) => {
    socket.once('connect', () => resolve('let in'));
    socket.once('connect_error', (error) => resolve(error.message));
  });
  socket.disconnect();
  assert.match(refusal, /not valid/);
});

test('texts that are almost a key are refused alike', async () => {
  const { key, id } = await newKey();
  const { key: other } = await newKey();
  const swapped = `vk_${id}_${other.slice(16)}`;
  const wrong = [
    swapped,
    key.slice(0, -1),
    `${key}A`,
    `vk_${id}_`,
    'vk_',
    `vk_000000000000_${key.slice(16)}`,
    key.toUpperCase(),
  ];
  const answers = await Promise.all(wrong.map((text) => send(text)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    wrong.map(() => 401),
  );
  assert.equal(new Set(answers.map(({ body }) => body.detail)).size, 1);
  const token = await platform.token('pam', 'ingest');
  const both = await caller(url, token)('POST', '/data', readingsOf('shop/cart'), { 'x-api-key': key });
  assert.equal(both.status, 401);
  assert.equal((await send(token)).status, 401);
});

test('a rotated key and its successor are both good for the overlap', async () => {
  const { key, id } = await newKey();
  assert.equal((await send(key)).status, 202);
  const { status, body } = await admin('POST', `/keys/${id}/rotations`, { overlapHours: 1 });
  assert.equal(status, 201);
  assert.deepEqual([body.view.name, body.view.seriesPrefix], ['shop agents', 'shop/']);
  assert.deepEqual([(await send(key)).status, (await send(body.key)).status], [202, 202]);
  const old = (await admin('GET', '/keys')).body.items.find((item: { id: string }) => item.id === id);
  assert.deepEqual([old.state, old.successor], ['ending', body.view.id]);
  assert.equal((await admin('POST', `/keys/${id}/rotations`, {})).status, 409);
  assert.equal((await admin('POST', '/keys/nobody/rotations', {})).status, 404);
  const { body: next } = await admin('POST', `/keys/${body.view.id}/rotations`, { overlapHours: 0 });
  assert.deepEqual([(await send(body.key)).status, (await send(next.key)).status], [401, 202]);
});

test('a revoked key is refused at once, by other gateways too', async () => {
  const { key, id } = await newKey();
  const second = await platform.startGateway();
  assert.equal((await send(key, 'shop/cart', second.url)).status, 202);
  assert.equal((await send(key)).status, 202);
  assert.deepEqual((await admin('DELETE', `/keys/${id}`)).body, { id });
  assert.equal((await send(key)).status, 401);
  await eventually(async () => (await send(key, 'shop/cart', second.url)).status === 401);
  assert.equal((await admin('DELETE', `/keys/${id}`)).status, 404);
});

test('a key ends when its time is over, and its use is noted', async () => {
  const { key, id } = await newKey({ expiresInDays: 1 / 86_400 / 2 });
  await eventually(async () => (await send(key)).status === 401);
  const { key: used, id: usedId } = await newKey();
  assert.equal((await send(used)).status, 202);
  const viewOf = async (wanted: string) =>
    (await admin('GET', '/keys')).body.items.find((item: { id: string }) => item.id === wanted);
  await eventually(async () => (await viewOf(usedId)).lastUsedAt !== null);
  assert.equal((await viewOf(id)).state, 'expired');
});

test('keys are for admins, and a request that does not fit is refused', async () => {
  const analyst = caller(url, await platform.token('ann', 'analyst', 'service', 'ingest', 'viewer'));
  assert.equal((await analyst('GET', '/keys')).status, 403);
  assert.equal((await analyst('POST', '/keys', { name: 'x' })).status, 403);
  for (const body of [
    {},
    { name: '' },
    { name: 'a\nb' },
    { name: 'a', more: 1 },
    { name: 'a', expiresInDays: 0 },
  ])
    assert.equal((await admin('POST', '/keys', body)).status, 400, JSON.stringify(body));
});
