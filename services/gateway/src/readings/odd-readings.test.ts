import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type OpenDoors, openDoors } from '../doors/open-doors.fixture.ts';

let doors: OpenDoors;
before(async () => {
  doors = await openDoors();
});
after(() => doors.close());

const mebibyte = 1024 * 1024;
const dayMs = 86_400_000;
const json = { 'content-type': 'application/json' };
const post = (text: string) => doors.post('/data', { body: Buffer.from(text), headers: json });
/** A body with one good reading, and one as `text` says. */
const withOdd = (text: string) =>
  `{"readings":[{"series":"shop/cart","time":${Date.now()},"values":{"cpu":1}},${text}]}`;
const odd = (field: string, text: string) => {
  const fields = { series: '"shop/cart"', time: String(Date.now()), values: '{"cpu":1}', [field]: text };
  return `{${Object.entries(fields)
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`;
};
const refused = (reason: string) =>
  doors.counted(`verdict_gateway_readings_refused_total{reason="${reason}"}`);
const answered = (status: number) =>
  doors.counted(`verdict_http_requests_total{method="POST",route="/data",status="${status}"}`);

/** Posts and says by how much the counter rose. */
async function rise(counter: () => Promise<number>, text: string): Promise<{ status: number; by: number }> {
  const before = await counter();
  const { status } = await post(text);
  return { status, by: (await counter()) - before };
}

test('a body that is too large is refused before it is read, compressed ones too, and counted', async () => {
  const large = `{"readings":[]}`.padEnd(4 * mebibyte + 1);
  assert.deepEqual(await rise(() => answered(413), large), { status: 413, by: 1 });
  const body = new Uint8Array(gzipSync(large));
  const packed = await doors.post('/data', { body, headers: { ...json, 'content-encoding': 'gzip' } });
  assert.equal(packed.status, 413);
  // As large as may be, it is read: what is wrong with it is its reading.
  assert.equal((await post(`{"readings":[${odd('time', '1')}]}`.padEnd(4 * mebibyte))).status, 400);
});

test('a reading with too long a key, too many signals or too many readings beside it is refused and counted', async () => {
  const signals = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`s${at}`, at]));
  for (const text of [
    odd('series', `"${'k'.repeat(201)}"`),
    odd('values', `{"${'s'.repeat(81)}":1}`),
    odd('values', JSON.stringify(signals)),
  ])
    assert.deepEqual(
      await rise(() => refused('invalid'), withOdd(text)),
      { status: 400, by: 1 },
      text.slice(0, 60),
    );
  const many = `{"readings":[${new Array(10_001).fill(odd('time', String(Date.now()))).join(',')}]}`;
  assert.deepEqual(await rise(() => refused('invalid'), many), { status: 400, by: 1 });
});

test('what is nested deeply is refused before anything is made of it, and counted', async () => {
  for (const deep of ['['.repeat(50_000) + ']'.repeat(50_000), `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`])
    assert.deepEqual(await rise(() => answered(400), `{"readings":${deep}}`), { status: 400, by: 1 });
});

test('what is no number is refused and counted, minus zero is zero, null is missing', async () => {
  for (const value of ['"1"', '1e39', '1e999', '-1e999', 'true', '[1]', '{}'])
    assert.deepEqual(
      await rise(() => refused('invalid'), withOdd(odd('values', `{"cpu":${value}}`))),
      { status: 400, by: 1 },
      value,
    );
  // JSON knows neither of them: the body is no JSON at all.
  for (const value of ['NaN', 'Infinity', '-Infinity'])
    assert.deepEqual(
      await rise(() => answered(400), withOdd(odd('values', `{"cpu":${value}}`))),
      { status: 400, by: 1 },
      value,
    );
  const times = [Date.now() - 2000, Date.now() - 1000];
  const taken = ['-0', 'null'].map((value, at) =>
    odd('values', `{"odd":${value}}`).replace(/"time":\d+/, `"time":${times[at]}`),
  );
  assert.equal((await post(`{"readings":[${taken.join(',')}]}`)).status, 202);
  const [zero, missing] = (await doors.inHub()).filter((line) => line.includes('"odd"'));
  assert.match(zero ?? '', /\{"odd":0\}$/);
  assert.match(missing ?? '', /\{"odd":null\}$/);
});

test('a reading that lies ahead, or behind what is kept, is refused and counted by which of both', async () => {
  const ahead = odd('time', String(Date.now() + 6 * 60_000));
  assert.deepEqual(await rise(() => refused('ahead'), withOdd(ahead)), { status: 400, by: 1 });
  const old = odd('time', String(Date.now() - 31 * dayMs));
  assert.deepEqual(await rise(() => refused('too_old'), withOdd(old)), { status: 400, by: 1 });
  for (const time of ['-1', '1.5', '"yesterday"', '1e300', '"2026-11-22T10:00:00"'])
    assert.deepEqual(
      await rise(() => refused('invalid'), withOdd(odd('time', time))),
      { status: 400, by: 1 },
      time,
    );
});

test('what is empty is refused and counted', async () => {
  assert.deepEqual(await rise(() => refused('invalid'), withOdd(odd('values', '{}'))), {
    status: 400,
    by: 1,
  });
  assert.deepEqual(await rise(() => refused('invalid'), withOdd(odd('series', '""'))), {
    status: 400,
    by: 1,
  });
  for (const body of ['{"readings":[]}', '{}', '[]'])
    assert.deepEqual(await rise(() => refused('invalid'), body), { status: 400, by: 1 }, body);
  assert.deepEqual(await rise(() => answered(400), ''), { status: 400, by: 1 });
});
