import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { otlpBody, readAnswer } from '../doors.fixture.ts';
import { type OpenDoors, openDoors } from '../open-doors.fixture.ts';

let doors: OpenDoors;
beforeEach(async () => {
  doors = await openDoors();
});
afterEach(() => doors.close());

const path = '/v1/metrics';
const nowMs = Date.now() - 60_000;
const ns = (seconds: number) => `${nowMs + seconds * 1000}000000`;
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const cart = [text('service.namespace', 'shop'), text('service.name', 'cart')];
const request = (...metrics: object[]) => ({
  resourceMetrics: [{ resource: { attributes: cart }, scopeMetrics: [{ scope: { name: 'lib' }, metrics }] }],
});
const gauge = (name: string, ...points: object[]) => ({ name, gauge: { dataPoints: points } });
const sum = (name: string, temporality: number, isMonotonic: boolean, ...points: object[]) => ({
  name,
  sum: { aggregationTemporality: temporality, isMonotonic, dataPoints: points },
});
const delta = 1;
const cumulative = 2;
const send = (...metrics: object[]) => doors.post(path, otlpBody(request(...metrics), 'protobuf'));
const outcome = (name: string) =>
  doors.counted(`verdict_gateway_door_samples_total{door="otlp",outcome="${name}"}`);

test('points of one service at one time are one reading, in every encoding, and answered in the same', async () => {
  const metrics = [
    gauge('cpu', { timeUnixNano: ns(0), asDouble: 0.5, attributes: [text('core', '1')] }),
    gauge('threads', { timeUnixNano: ns(0), asInt: '-7' }),
  ];
  for (const form of ['json', 'protobuf', 'gzip'] as const) {
    const answer = await doors.post(path, otlpBody(request(...metrics), form));
    assert.equal(answer.status, 200, answer.text);
    assert.equal(
      answer.headers.get('content-type'),
      form === 'json' ? 'application/json' : 'application/x-protobuf',
    );
    assert.equal(answer.text, form === 'json' ? '{}' : '');
  }
  const reading = `shop/cart ${nowMs} {"cpu":0.5,"threads":-7}`;
  assert.deepEqual(await doors.inHub(), [reading, reading, reading]);
});

test('cumulative sums become rates, delta sums are divided by their interval, others stay as they are', async () => {
  const point = (seconds: number, value: number, start = 0) => ({
    startTimeUnixNano: ns(start),
    timeUnixNano: ns(seconds),
    asDouble: value,
  });
  await send(
    sum('requests', cumulative, true, point(10, 100)),
    sum('errors', delta, true, point(10, 5)),
    sum('queue', cumulative, false, point(10, 42)),
  );
  await send(
    sum('requests', cumulative, true, point(20, 150)),
    sum('errors', delta, true, point(20, 20, 10)),
    sum('queue', cumulative, false, point(20, 40)),
  );
  assert.deepEqual(await doors.inHub(), [
    `shop/cart ${nowMs + 10_000} {"errors":0.5,"queue":42}`,
    `shop/cart ${nowMs + 20_000} {"errors":2,"queue":40,"requests":5}`,
  ]);
  assert.equal(await outcome('first_of_counter'), 1);
});

test('histograms and summaries give count and sum, and quantiles', async () => {
  const counted = (seconds: number, count: number, total: number) => ({
    startTimeUnixNano: ns(0),
    timeUnixNano: ns(seconds),
    count: String(count),
    sum: total,
  });
  const all = (seconds: number, count: number, total: number) => [
    {
      name: 'h',
      histogram: { aggregationTemporality: cumulative, dataPoints: [counted(seconds, count, total)] },
    },
    {
      name: 'e',
      exponentialHistogram: { aggregationTemporality: delta, dataPoints: [counted(seconds, count, total)] },
    },
    {
      name: 's',
      summary: {
        dataPoints: [{ ...counted(seconds, count, total), quantileValues: [{ quantile: 0.99, value: 7 }] }],
      },
    },
  ];
  await send(...all(10, 100, 50));
  await doors.post(path, otlpBody(request(...all(20, 200, 60)), 'json'));
  assert.deepEqual(
    (await doors.inHub()).map((line) => JSON.parse(line.slice(line.indexOf('{')))),
    [
      { e_count: 10, e_sum: 5, 's.q0.99': 7 },
      { e_count: 10, e_sum: 3, h_count: 10, h_sum: 1, 's.q0.99': 7, s_count: 10, s_sum: 1 },
    ],
  );
});

test('points without a value are left out, and end their counter', async () => {
  const { status } = await send(
    gauge('a', { timeUnixNano: ns(0), flags: 1 }),
    gauge('b', { timeUnixNano: ns(0) }),
    gauge('c', { timeUnixNano: ns(0), asDouble: 1 }),
  );
  assert.deepEqual([status, await outcome('stale'), await outcome('not_a_number')], [200, 1, 1]);
  assert.deepEqual(await doors.inHub(), [`shop/cart ${nowMs} {"c":1}`]);
});

test('refused points are told as a partial success, the rest is taken', async () => {
  const metrics = [
    gauge('good', { timeUnixNano: ns(0), asDouble: 1 }),
    gauge('old', { timeUnixNano: '1', asDouble: 1 }),
    gauge('early', { timeUnixNano: ns(3600), asDouble: 1 }),
    sum('odd', 0, true, { timeUnixNano: ns(0), asDouble: 1 }),
  ];
  const binary = await send(...metrics);
  assert.equal(binary.status, 200);
  const { partialSuccess } = readAnswer('Response', binary.bytes) as {
    partialSuccess: { rejectedDataPoints: number; errorMessage: string };
  };
  assert.equal(partialSuccess.rejectedDataPoints, 3);
  assert.match(
    partialSuccess.errorMessage,
    /^3 refused, the rest was taken\..*older.*ahead.*odd does not say/,
  );
  const json = JSON.parse((await doors.post(path, otlpBody(request(...metrics), 'json'))).text);
  assert.deepEqual(json.partialSuccess, { ...partialSuccess, rejectedDataPoints: '3' });
  assert.equal(await outcome('unsupported'), 2);
  assert.equal((await doors.inHub()).length, 2);
});

test('a service that no rule is for is refused', async () => {
  const { text: answer } = await doors.post(
    path,
    otlpBody(
      {
        resourceMetrics: [
          { scopeMetrics: [{ metrics: [gauge('a', { timeUnixNano: ns(0), asDouble: 1 })] }] },
        ],
      },
      'json',
    ),
  );
  assert.match(JSON.parse(answer).partialSuccess.errorMessage, /no rule is for \{__name__="a"\}/);
});

test('failures are a Status in the encoding of the request, and only what may be tried again says so', async () => {
  const good = otlpBody(request(gauge('a', { timeUnixNano: ns(0), asDouble: 1 })), 'protobuf');
  const json = otlpBody({}, 'json');
  const large = new Uint8Array(4 * 1024 * 1024 + 1);
  const cases: [number, number, Partial<typeof good>][] = [
    [400, 3, { body: new Uint8Array([10, 200, 1]) }],
    [413, 3, { body: large }],
    [
      413,
      3,
      {
        body: gzipSync(large) as Uint8Array<ArrayBuffer>,
        headers: { ...good.headers, 'content-encoding': 'gzip' },
      },
    ],
    [400, 3, { headers: { ...good.headers, 'content-encoding': 'gzip' } }],
    [415, 3, { headers: { ...good.headers, 'content-encoding': 'br' } }],
    [415, 3, { headers: { 'content-type': 'text/plain' } }],
    [401, 16, { headers: { ...good.headers, authorization: 'Bearer nobody' } }],
  ];
  for (const [status, code, change] of cases) {
    const answer = await doors.post(path, { ...good, ...change });
    assert.equal(answer.status, status, answer.text);
    assert.equal(readAnswer('Status', answer.bytes).code, code);
    assert.equal(answer.headers.get('content-type'), 'application/x-protobuf');
  }
  const bodies: [string, RegExp][] = [
    ['{', /not JSON/],
    ['[]', /object/],
    ['{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":3}]}]}]}', /resourceMetrics\.0.*name/],
  ];
  for (const [body, reason] of bodies) {
    const answer = await doors.post(path, { ...json, body: Buffer.from(body) as Uint8Array<ArrayBuffer> });
    assert.equal(answer.status, 400);
    assert.match(JSON.parse(answer.text).message, reason);
  }
  assert.equal((await doors.post(path, json)).status, 200);
});

test('while the hub is away the answer is 503 with Retry-After, and nothing of a counter is lost by it', async () => {
  const total = (seconds: number, value: number) =>
    sum('requests', cumulative, true, {
      startTimeUnixNano: ns(0),
      timeUnixNano: ns(seconds),
      asInt: String(value),
    });
  await send(total(0, 0));
  doors.hub.setAvailable(false);
  const { status, headers, bytes } = await send(total(10, 50));
  assert.deepEqual([status, headers.get('retry-after'), readAnswer('Status', bytes).code], [503, '2', 14]);
  doors.hub.setAvailable(true);
  assert.equal((await send(total(10, 50))).status, 200);
  assert.deepEqual(await doors.inHub(), [`shop/cart ${nowMs + 10_000} {"requests":5}`]);
});
