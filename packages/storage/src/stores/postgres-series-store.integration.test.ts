import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores } from '../open-stores.ts';
import type { SeriesStatus } from '../ports/partition-store.ts';
import { sampleBatch, sampleRows } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const member = { holder: 'a', address: null, pinnedVersion: null };

function status(series: string, change: Partial<SeriesStatus> = {}): SeriesStatus {
  return {
    series,
    signals: ['cpu', 'memory'],
    state: 'warming',
    readings: 3,
    firstMs: 1_000,
    lastMs: 3_000,
    score: null,
    openAnomaly: null,
    ...change,
  };
}

async function setUp() {
  const stores = openStores(await tests.database());
  let checkpoint = 0;
  const write = async (pool: string, ...series: SeriesStatus[]) => {
    await stores.leases.claim({ group: pool, partition: '0', member, expiryMs: 60_000 });
    const ref = { pool, partition: '0', epoch: 1, holder: 'a' };
    await stores.partitions.commit(sampleBatch(ref, { checkpoint: ++checkpoint, series }));
  };
  return { ...stores, write };
}

test('the last status of a series is told, with its pool and partition', async () => {
  const { series, write } = await setUp();
  await write('default/shop', status('shop/cart'));
  const last = status('shop/cart', { state: 'scored', score: 0.75, openAnomaly: 'x', readings: 9 });
  await write('default/shop', last);
  assert.deepEqual(await series.get('shop/cart'), { ...last, pool: 'default/shop', partition: '0' });
  assert.equal(await series.get('shop/none'), null);
});

test('series are listed in pages by key and found by a part of it', async () => {
  const { series, write } = await setUp();
  await write('default/shop', ...['b', 'A', 'a/100%', 'a_b', 'c'].map((key) => status(key)));
  const keys = async (request: Parameters<typeof series.list>[0]) =>
    (await series.list(request)).map((row) => row.series);
  assert.deepEqual(await keys({ limit: 10 }), ['A', 'a/100%', 'a_b', 'b', 'c']);
  assert.deepEqual(await keys({ limit: 2, after: 'a/100%' }), ['a_b', 'b']);
  assert.deepEqual(await keys({ limit: 10, search: '%' }), ['a/100%']);
  assert.deepEqual(await keys({ limit: 10, search: 'A' }), ['A', 'a/100%', 'a_b']);
});

test('a series that moved to another pool is told once, by its newest reading', async () => {
  const { series, write } = await setUp();
  await write('default/old', status('s', { lastMs: 1 }));
  await write('default/new', status('s', { lastMs: 2 }));
  assert.deepEqual(
    (await series.list({ limit: 10 })).map((row) => row.pool),
    ['default/new'],
  );
  assert.equal((await series.get('s'))?.pool, 'default/new');
});

test('a series that has history but no status yet is not listed', async () => {
  const { series, partitions, leases } = await setUp();
  await leases.claim({ group: 'default/shop', partition: '0', member, expiryMs: 60_000 });
  const ref = { pool: 'default/shop', partition: '0', epoch: 1, holder: 'a' };
  await partitions.commit(sampleBatch(ref, { history: [{ series: 's', rows: sampleRows([1]) }] }));
  assert.deepEqual(await series.list({ limit: 10 }), []);
});

test('what was turned away at the door is kept by its newest reason', async () => {
  const { series } = await setUp();
  const note = (reason: string, atMs: number) => ({ series: 's', state: 'refused' as const, reason, atMs });
  await series.noteAtDoor([note('second', 2), note('first', 1)]);
  await series.noteAtDoor([note('older', 1), { ...note('other', 3), series: 't' }]);
  await series.noteAtDoor([]);
  assert.deepEqual(await series.atDoor(), [{ ...note('other', 3), series: 't' }, note('second', 2)]);
});

test('dead letters are counted per reason, a repeated one once', async () => {
  const { series, partitions, leases } = await setUp();
  await leases.claim({ group: 'default/shop', partition: '0', member, expiryMs: 60_000 });
  const ref = { pool: 'default/shop', partition: '0', epoch: 1, holder: 'a' };
  const late = { series: 's', timeMs: 5, reason: 'late' as const, detail: '', payload: Buffer.of(1) };
  const deadLetters = [
    { ...late, sequence: 1 },
    { ...late, sequence: 2 },
    { ...late, sequence: 2, timeMs: 6 },
    { ...late, sequence: 3, series: null, timeMs: null, reason: 'undecodable' as const },
  ];
  for (const checkpoint of [3, 4]) await partitions.commit(sampleBatch(ref, { checkpoint, deadLetters }));
  assert.deepEqual(await series.deadLetters(), { late: 3, undecodable: 1 });
});
