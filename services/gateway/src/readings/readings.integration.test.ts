import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AnomalyModelSpec } from '@verdict/contracts';
import { caller, eventually, type Platform, startPlatform } from '../gateway.fixture.ts';
import { blocksInDataHub } from './data-hub.fixture.ts';

let platform: Platform;
let url: string;
let call: ReturnType<typeof caller>;

before(async () => {
  platform = await startPlatform();
  const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
  await platform.stores.registry.putModel({ namespace: 'default', name: 'shop', spec });
  ({ url } = await platform.startGateway());
  call = caller(url, await platform.token('producer', 'ingest'));
});
after(() => platform.stop());

const reading = (change: object = {}) => ({
  series: 'shop/cart',
  time: Date.now(),
  values: { latency: 0.5 },
  ...change,
});

/** Everything that the data hub has, as `series time`. */
async function inHub(): Promise<string[]> {
  const blocks = await blocksInDataHub(platform);
  return blocks.flatMap(({ series, times }) => [...times].map((time) => `${series} ${time}`));
}

test('an acknowledged batch is in the hub, whatever form its times have', async () => {
  const nowMs = Date.now();
  const readings = [
    reading({ time: nowMs - 1000 }),
    reading({ time: new Date(nowMs).toISOString() }),
    reading({ series: 'host/a', time: nowMs - 29 * 86_400_000, values: { cpu: 1, memory: null } }),
    reading({ series: 'host/b', time: nowMs + 60_000 }),
  ];
  const answer = await call('POST', '/data', { readings });
  assert.deepEqual([answer.status, answer.body], [202, { accepted: 4 }]);
  const found = await inHub();
  assert.ok(found.includes(`shop/cart ${nowMs}`) && found.includes(`host/b ${nowMs + 60_000}`));
});

test('a compressed batch is taken', async () => {
  const body = gzipSync(JSON.stringify({ readings: [reading()] }));
  const response = await fetch(`${url}/data`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      authorization: `Bearer ${await platform.token('producer', 'ingest')}`,
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    },
  });
  assert.equal(response.status, 202);
});

test('a batch with any bad reading is refused whole, and each is named by index and field', async () => {
  const before = (await inHub()).length;
  const cases: [object, string][] = [
    [{ series: '' }, 'readings[1].series'],
    [{ series: 'a//b' }, 'readings[1].series'],
    [{ series: 'x'.repeat(201) }, 'readings[1].series'],
    [{ time: 'yesterday' }, 'readings[1].time'],
    [{ time: '2026-11-22T10:00:00' }, 'readings[1].time'],
    [{ time: 1.5 }, 'readings[1].time'],
    [{ time: -1 }, 'readings[1].time'],
    [{ time: Date.now() + 6 * 60_000 }, 'readings[1].time'],
    [{ time: Date.now() - 31 * 86_400_000 }, 'readings[1].time'],
    [{ values: {} }, 'readings[1].values'],
    [{ values: { 'a b': 1 } }, 'readings[1].values.a b'],
    [{ values: { cpu: '1' } }, 'readings[1].values.cpu'],
    [{ values: { cpu: 1e39 } }, 'readings[1].values.cpu'],
    [{ values: { cpu: [1] } }, 'readings[1].values.cpu'],
    [
      { values: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`s${i}`, i])) },
      'readings[1].values',
    ],
    [{ extra: 1 }, 'readings[1].extra'],
  ];
  for (const [change, field] of cases) {
    const { status, body, headers } = await call('POST', '/data', { readings: [reading(), reading(change)] });
    assert.equal(status, 400, field);
    assert.match(headers.get('content-type') ?? '', /problem\+json/);
    assert.equal(body.errors[0].field, field);
    assert.ok(body.errors[0].message.length > 3);
  }
  assert.equal((await inHub()).length, before);
});

test('bodies of the wrong shape, size or kind are refused', async () => {
  const nested = `{"readings":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const cases: [number, unknown, Record<string, string>][] = [
    [400, {}, {}],
    [400, { readings: [] }, {}],
    [400, { readings: {} }, {}],
    [400, [], {}],
    [400, 'null', {}],
    [400, '{"readings":[', {}],
    [400, nested, {}],
    [400, { readings: [reading()], more: 1 }, {}],
    [400, `{"readings":[{"series":"a","time":1,"values":{"__proto__":1,"cpu":1}}]}`, {}],
    [400, `{"readings":[],"__proto__":{"admin":true}}`, {}],
    [400, { readings: new Array(10_001).fill(reading()) }, {}],
    [413, `{"readings":["${'x'.repeat(4 * 1024 * 1024)}"]}`, {}],
    [415, 'series=a', { 'content-type': 'application/x-www-form-urlencoded' }],
  ];
  for (const [status, body, headers] of cases)
    assert.equal(
      (await call('POST', '/data', body, headers)).status,
      status,
      JSON.stringify(body)?.slice(0, 60),
    );
});

test('a client that offers HTTP/2 with every request is answered, not cut off', async () => {
  const token = await platform.token('producer', 'ingest');
  const status = await new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAAP__',
    };
    request(`${url}/data`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(JSON.stringify({ readings: [reading()] }));
  });
  assert.equal(status, 202);
});

test('a series whose key is a step of a path, which no URL can name, is refused', async () => {
  for (const series of ['.', '..', 'a/../b', 'a/.'])
    assert.equal((await call('POST', '/data', { readings: [reading({ series })] })).status, 400, series);
  for (const series of ['...', '.a/b.', '.well-known'])
    assert.equal((await call('POST', '/data', { readings: [reading({ series })] })).status, 202, series);
});

test('at most a hundred errors are listed', async () => {
  const { body } = await call('POST', '/data', { readings: new Array(500).fill(reading({ time: 1 })) });
  assert.equal(body.errors.length, 100);
});

test('only producers may send', async () => {
  assert.equal((await caller(url)('POST', '/data', { readings: [reading()] })).status, 401);
  for (const role of ['viewer', 'analyst'] as const) {
    const other = caller(url, await platform.token('ann', role));
    assert.equal((await other('POST', '/data', { readings: [reading()] })).status, 403);
  }
  for (const role of ['service', 'admin'] as const) {
    const other = caller(url, await platform.token('root', role));
    assert.equal((await other('POST', '/data', { readings: [reading()] })).status, 202);
  }
});

test('more bytes than there is room for are answered with 429 and Retry-After', async () => {
  const small = await platform.startGateway({ maxInFlightBytes: 100 });
  const sender = caller(small.url, await platform.token('producer', 'ingest'));
  const { status, headers } = await sender('POST', '/data', { readings: [reading(), reading()] });
  assert.deepEqual([status, headers.get('retry-after')], [429, '1']);
  assert.equal((await sender('POST', '/data', '{}')).status, 400);
});

test('series that no model wants and series that were refused are in coverage, with the reason', async () => {
  await call('POST', '/data', { readings: [reading({ series: 'bank/a' })] });
  await call('POST', '/data', { readings: [reading({ series: 'shop/broken', values: { cpu: 'x' } })] });
  const viewer = caller(url, await platform.token('vic', 'viewer'));
  const states = await eventually(async () => {
    const { body } = await viewer('GET', '/coverage');
    const found = new Map<string, { state: string; reason: string }>();
    for (const item of body.items) found.set(item.series, item);
    return found.has('bank/a') && found.has('shop/broken') && found;
  });
  assert.equal(states.get('bank/a')?.state, 'unassigned');
  assert.equal(states.get('shop/broken')?.state, 'refused');
  assert.match(states.get('shop/broken')?.reason ?? '', /values\.cpu/);
  const metrics = (await viewer('GET', '/metrics')).body as string;
  assert.match(metrics, /verdict_gateway_readings_refused_total\{reason="ahead"\} 1/);
});

test('while the hub is away the answer is 503 with Retry-After and readiness says why', async () => {
  const other = await startPlatform();
  try {
    const gateway = await other.startGateway();
    const sender = caller(gateway.url, await other.token('producer', 'ingest'));
    assert.equal((await sender('POST', '/data', { readings: [reading()] })).status, 202);
    assert.equal((await sender('GET', '/readyz')).status, 200);
    await other.stopHub();
    const { status, headers } = await sender('POST', '/data', { readings: [reading()] });
    assert.deepEqual([status, headers.get('retry-after')], [503, '2']);
    const ready = await eventually(async () => {
      const answer = await sender('GET', '/readyz');
      return answer.status === 503 && answer;
    });
    assert.equal(ready.body.checks.database, 'ok');
    assert.notEqual(ready.body.checks.hub, 'ok');
  } finally {
    await other.stop();
  }
});
