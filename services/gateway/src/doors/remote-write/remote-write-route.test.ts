import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { snappyCompress } from 'hysnappy';
import { remoteWriteBody, type WrittenSeries, writeRequest, writeRequest2 } from '../doors.fixture.ts';
import { type OpenDoors, openDoors } from '../open-doors.fixture.ts';

let doors: OpenDoors;
beforeEach(async () => {
  doors = await openDoors();
});
afterEach(() => doors.close());

const nowMs = Date.now() - 60_000;
const path = '/api/v1/write';
const cart = (name: string, labels: Record<string, string> = {}) => ({
  __name__: name,
  namespace: 'shop',
  pod: 'cart-7d9f8b6c5d-x2x4z',
  ...labels,
});
const send = (series: WrittenSeries[]) => doors.post(path, remoteWriteBody(writeRequest(series)));
const send2 = (series: WrittenSeries[]) => doors.post(path, remoteWriteBody(writeRequest2(series), 2));
const written = (headers: Headers) =>
  ['samples', 'histograms', 'exemplars'].map((what) =>
    headers.get(`x-prometheus-remote-write-${what}-written`),
  );

test('samples of one workload at one time are one reading, in both versions', async () => {
  const series = [
    { labels: cart('cpu'), samples: [[nowMs, 0.5]] },
    { labels: cart('memory'), samples: [[nowMs, 100]] },
    { labels: { __name__: 'load', job: 'node', instance: 'a:9100' }, samples: [[nowMs, 2]] },
  ] as WrittenSeries[];
  const first = await send(series);
  assert.deepEqual([first.status, first.text], [204, '']);
  const expected = [`node/a:9100 ${nowMs} {"load":2}`, `shop/cart ${nowMs} {"cpu":0.5,"memory":100}`];
  assert.deepEqual((await doors.inHub()).sort(), expected);
  const second = await send2(series.map((one) => ({ ...one, type: 2 })));
  assert.deepEqual([second.status, written(second.headers)], [204, ['3', '0', '0']]);
  assert.deepEqual((await doors.inHub()).sort(), [...expected, ...expected].sort());
});

test('counters become rates over all their labels; gauges of replicas become their mean', async () => {
  const at = (seconds: number, ok: number, failed: number): WrittenSeries[] => [
    { labels: cart('requests_total', { code: '200' }), samples: [[nowMs + seconds * 1000, ok]] },
    { labels: cart('requests_total', { code: '500' }), samples: [[nowMs + seconds * 1000, failed]] },
    { labels: cart('queue', { shard: 'a' }), samples: [[nowMs + seconds * 1000, 10]] },
    { labels: cart('queue', { shard: 'b' }), samples: [[nowMs + seconds * 1000, 20]] },
  ];
  await send(at(0, 1000, 10));
  await send(at(10, 1100, 30));
  assert.deepEqual(await doors.inHub(), [
    `shop/cart ${nowMs} {"queue":15}`,
    `shop/cart ${nowMs + 10_000} {"queue":15,"requests_total":12}`,
  ]);
  const outcome = (name: string) =>
    doors.counted(`verdict_gateway_door_samples_total{door="remote_write",outcome="${name}"}`);
  assert.deepEqual([await outcome('first_of_counter'), await outcome('taken')], [2, 6]);
  assert.equal(await doors.counted('verdict_gateway_readings_accepted_total'), 2);
});

test('version 2 says what is a counter, whatever its name', async () => {
  for (const [seconds, value] of [
    [0, 5],
    [10, 25],
  ] as const)
    await send2([
      { labels: cart('bytes'), samples: [[nowMs + seconds * 1000, value]], type: 1 },
      { labels: cart('workers_total'), samples: [[nowMs + seconds * 1000, value]], type: 2 },
    ]);
  assert.deepEqual(await doors.inHub(), [
    `shop/cart ${nowMs} {"workers_total":5}`,
    `shop/cart ${nowMs + 10_000} {"bytes":2,"workers_total":25}`,
  ]);
});

test('stale markers, NaN, infinity and ignored metrics are left out, counted, and no error', async () => {
  const body = remoteWriteBody(
    writeRequest(
      [
        { labels: cart('a'), samples: [[nowMs, Number.NaN]] },
        { labels: cart('b'), samples: [[nowMs, Number.POSITIVE_INFINITY]] },
        { labels: cart('c'), samples: [[nowMs, 1e300]] },
        { labels: cart('d_bucket', { le: '1' }), samples: [[nowMs, 1]] },
        { labels: cart('e'), samples: [[nowMs, 1]], exemplars: 2, histograms: 3 },
      ],
      4,
    ),
  );
  // The one NaN that means stale is lost in JavaScript: its bits are written by hand.
  const stale = writeRequest([{ labels: cart('f'), samples: [[nowMs, 1]] }]);
  const at = Buffer.from(stale).indexOf(Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x3f]));
  Buffer.from(stale.buffer, stale.byteOffset).writeBigUInt64LE(0x7ff0000000000002n, at);
  assert.equal((await doors.post(path, body)).status, 204);
  assert.equal((await doors.post(path, remoteWriteBody(stale))).status, 204);
  assert.deepEqual(await doors.inHub(), [`shop/cart ${nowMs} {"e":1}`]);
  const expected = { not_a_number: 1, out_of_range: 2, ignored: 1, stale: 1 };
  const others = { exemplar: 2, native_histogram: 3, metadata: 4, taken: 1 };
  for (const [name, count] of Object.entries({ ...expected, ...others }))
    assert.equal(
      await doors.counted(`verdict_gateway_door_samples_total{door="remote_write",outcome="${name}"}`),
      count,
      name,
    );
});

test('bad samples are refused with 400 and a reason, the rest is taken', async () => {
  const signals = Array.from({ length: 102 }, (_, at) => ({
    labels: cart(`s${String(at).padStart(3, '0')}`, { pod: 'many-0' }),
    samples: [[nowMs, at]] as const,
  }));
  const { status, text, headers } = await send2([
    { labels: cart('good'), samples: [[nowMs, 1]] },
    { labels: cart('early'), samples: [[Date.now() + 600_000, 1]] },
    { labels: cart('old'), samples: [[1000, 1]] },
    { labels: { __name__: 'x' }, samples: [[nowMs, 1]] },
    ...signals,
  ]);
  assert.equal(status, 400);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(text, /^5 refused, the rest was taken\. .*10 min ahead.*older.*no rule.*102 signals/);
  assert.deepEqual(written(headers), ['101', '0', '0']);
  assert.equal((await doors.inHub()).length, 2);
  assert.deepEqual(
    (await doors.notes()).map(({ series, state }) => `${series} ${state}`),
    ['shop/cart refused', 'shop/many refused'],
  );
  assert.equal(await doors.counted('verdict_gateway_readings_refused_total{reason="too_many_signals"}'), 2);
});

test('native histograms of version 2 are said to be refused, the rest is taken', async () => {
  const { status, text, headers } = await send2([
    { labels: cart('a'), samples: [[nowMs, 1]] },
    { labels: cart('h'), samples: [], histograms: 1 },
  ]);
  assert.deepEqual([status, written(headers)], [400, ['1', '0', '0']]);
  assert.match(text, /1 native histogram/);
  assert.equal((await doors.inHub()).length, 1);
});

test('a scrape in several requests is kept whole, and a repeated one changes nothing', async () => {
  const one = [{ labels: cart('a'), samples: [[nowMs, 1]] }] as WrittenSeries[];
  const other = [{ labels: cart('b'), samples: [[nowMs, 2]] }] as WrittenSeries[];
  for (const series of [one, other, other, one]) assert.equal((await send(series)).status, 204);
  const readings = [`shop/cart ${nowMs} {"a":1}`, `shop/cart ${nowMs + 1} {"b":2}`];
  assert.deepEqual(await doors.inHub(), [...readings, ...readings.toReversed()]);
});

test('samples out of order in one request are sent in order of time', async () => {
  await send([
    { labels: cart('a', { pod: 'cart-1' }), samples: [[nowMs + 2000, 3]] },
    {
      labels: cart('a', { pod: 'cart-0' }),
      samples: [
        [nowMs, 1],
        [nowMs + 1000, 2],
      ],
    },
  ]);
  assert.deepEqual(await doors.inHub(), [
    `shop/cart ${nowMs} {"a":1}`,
    `shop/cart ${nowMs + 1000} {"a":2}`,
    `shop/cart ${nowMs + 2000} {"a":3}`,
  ]);
});

test('what is not agreed on is refused with 415, what is too large with 413, what is broken with 400', async () => {
  const good = remoteWriteBody(writeRequest([{ labels: cart('a'), samples: [[nowMs, 1]] }]));
  const bomb = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0]);
  const twice = writeRequest2([{ labels: cart('a'), samples: [[nowMs, 1]] }]);
  const cases: [number, Partial<typeof good>][] = [
    [204, {}],
    [
      204,
      {
        headers: { ...good.headers, 'content-type': 'application/x-protobuf;proto=prometheus.WriteRequest' },
      },
    ],
    [415, { headers: { ...good.headers, 'content-type': 'application/x-protobuf;proto=other.Message' } }],
    [415, { headers: { ...good.headers, 'content-type': 'application/json' } }],
    [415, { headers: { ...good.headers, 'content-encoding': 'zstd' } }],
    [400, { body: new Uint8Array() }],
    [413, { body: bomb }],
    [413, { body: snappyCompress(new Uint8Array(4 * 1024 * 1024 + 1)) as Uint8Array<ArrayBuffer> }],
    [413, { body: new Uint8Array(4 * 1024 * 1024 + 1) }],
    [400, { body: new Uint8Array([5, 0xff, 0xff]) }],
    [400, { body: snappyCompress(new Uint8Array([0x0a, 0xff])) as Uint8Array<ArrayBuffer> }],
    [400, { body: snappyCompress(new Uint8Array(5000).fill(0x0b)) as Uint8Array<ArrayBuffer> }],
    [
      400,
      {
        ...remoteWriteBody(
          twice.map((byte, at) => (at === 1 ? 200 : byte)),
          2,
        ),
      },
    ],
  ];
  for (const [index, [status, change]] of cases.entries()) {
    const answer = await doors.post(path, { ...good, ...change });
    assert.equal(answer.status, status, `case ${index}: ${answer.text}`);
    assert.equal(answer.text === '', status === 204);
  }
  const nobody = await doors.post(path, { ...good, headers: { ...good.headers, authorization: 'Bearer x' } });
  assert.equal(nobody.status, 401);
});

test('while the hub is away the answer is 503 with Retry-After, and nothing of a counter is lost by it', async () => {
  const at = (seconds: number, total: number): WrittenSeries[] => [
    { labels: cart('requests_total'), samples: [[nowMs + seconds * 1000, total]] },
  ];
  await send(at(0, 0));
  doors.hub.setAvailable(false);
  const { status, headers } = await send(at(10, 50));
  assert.deepEqual([status, headers.get('retry-after')], [503, '2']);
  doors.hub.setAvailable(true);
  assert.equal((await send(at(10, 50))).status, 204);
  assert.deepEqual(await doors.inHub(), [`shop/cart ${nowMs + 10_000} {"requests_total":5}`]);
});

test('more bytes than there is room for are answered with 429 and Retry-After', async () => {
  const small = await openDoors({}, 300);
  const body = remoteWriteBody(
    writeRequest([{ labels: cart('a', { text: 'x'.repeat(500) }), samples: [[nowMs, 1]] }]),
  );
  const { status, headers } = await small.post(path, body);
  await small.close();
  assert.deepEqual([status, headers.get('retry-after')], [429, '1']);
});
