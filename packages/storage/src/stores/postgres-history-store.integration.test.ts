import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayMs } from '../history/history-days.ts';
import { openStores } from '../open-stores.ts';
import { partitionWriter } from '../testing/fill-stores.ts';
import { sampleRows } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const pool = 'default/shop';
const whole = { pool, series: 's', fromMs: 0, toMs: 10 * dayMs, limit: 100_000 };

async function setUp() {
  const stores = openStores(await tests.database());
  const { commit } = await partitionWriter(stores, pool);
  const write = (series: string, times: number[]) =>
    commit({ history: [{ series, rows: sampleRows(times) }] });
  return { ...stores, commit, write };
}

const timesOf = (rows: { times: Float64Array } | null) => [...(rows?.times ?? [])];
const minutes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => (from + i) * 60_000);

test('a reading that was stored twice in chunks cut differently is read once', async () => {
  const { history, write } = await setUp();
  await write('s', minutes(0, 10));
  await write('s', minutes(0, 10));
  await write('s', minutes(0, 15));
  await write('s', minutes(5, 20));
  const rows = await history.read(whole);
  assert.deepEqual(timesOf(rows), minutes(0, 20));
  assert.deepEqual(
    [...(rows?.values ?? [])],
    minutes(0, 20).map((time) => time / 60_000),
  );
});

test('a range is cut to the reading and to the newest ones', async () => {
  const { history, write } = await setUp();
  for (let hour = 0; hour < 60; hour++) await write('s', minutes(hour * 60, hour * 60 + 60));
  const read = async (change: Partial<typeof whole>) => timesOf(await history.read({ ...whole, ...change }));
  assert.deepEqual(await read({}), minutes(0, 3600));
  assert.deepEqual(await read({ fromMs: 1430 * 60_000, toMs: 1450 * 60_000 }), minutes(1430, 1451));
  assert.deepEqual(await read({ limit: 7 }), minutes(3593, 3600));
  assert.deepEqual(await read({ limit: 130, toMs: dayMs }), minutes(1311, 1441));
  assert.equal(await history.read({ ...whole, fromMs: 5 * dayMs }), null);
  assert.equal(await history.read({ ...whole, series: 'none' }), null);
  assert.equal(await history.read({ ...whole, pool: 'default/other' }), null);
});

test('more small chunks than are fetched at once are still all read', async () => {
  const { history, commit } = await setUp();
  const chunks = minutes(0, 1_203).map((time) => ({ series: 's', rows: sampleRows([time]) }));
  await commit({ history: chunks });
  assert.deepEqual(timesOf(await history.read(whole)), minutes(0, 1_203));
  assert.deepEqual(timesOf(await history.read({ ...whole, limit: 601 })), minutes(602, 1_203));
});

test('a training gets the series of its pool one by one, ascending', async () => {
  const { history, write } = await setUp();
  await write('b', minutes(0, 3));
  await write('a', minutes(0, 5));
  await write('old', [1]);
  const seen: [string, number][] = [];
  for await (const { series, rows } of history.readPool(pool, 60_000, dayMs))
    seen.push([series, rows.times.length]);
  assert.deepEqual(seen, [
    ['a', 4],
    ['b', 2],
  ]);
});

test('old days are dropped whole, and their readings are no longer counted', async () => {
  const { history, partitions, write } = await setUp();
  await write('s', [dayMs - 1, dayMs, 2 * dayMs]);
  await write('gone', [1, 2]);
  assert.deepEqual(await history.counts(), new Map([[pool, { series: 2, readings: 5 }]]));
  assert.equal(await history.dropOldHistory(dayMs - 1), 0, 'a day that has not ended before is kept');
  assert.equal(await history.dropOldHistory(dayMs), 1);
  assert.equal(await history.dropOldHistory(dayMs), 0);
  assert.deepEqual(timesOf(await history.read(whole)), [dayMs, 2 * dayMs]);
  assert.deepEqual(await history.counts(), new Map([[pool, { series: 1, readings: 2 }]]));
  assert.equal((await partitions.newestHistory(pool, '0')).get('gone'), 2, 'no replay brings them back');
});

test('notes of the door go with the history of their time', async () => {
  const { history, series } = await setUp();
  const note = (key: string, atMs: number) => ({
    series: key,
    state: 'unassigned' as const,
    reason: 'no model is for this series',
    atMs,
  });
  await series.noteAtDoor([note('old', dayMs - 1), note('new', dayMs)]);
  await history.dropOldHistory(dayMs);
  assert.deepEqual(await series.atDoor(), [note('new', dayMs)]);
});
