import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../database/open-database.ts';
import type { OverlayEntry } from '../ports/feedback-loop-stores.ts';
import { storeTest } from '../testing/store-test.ts';
import { postgresOverlayStore } from './postgres-overlay-store.ts';

const tests = storeTest();
const pool = 'default/shop';
const idOf = (n: number) => n.toString(16).padStart(24, '0');

function entry(n: number, change: Partial<OverlayEntry> = {}): OverlayEntry {
  return {
    anomalyId: idOf(n),
    series: `shop/${n}`,
    patterns: [{ latency: 2.5, cpu: -0.1 }],
    untilMs: 5_000,
    ...change,
  };
}

/** What every number up to the head gives. */
async function states(db: Database): Promise<OverlayEntry[][]> {
  const store = postgresOverlayStore(db);
  const head = await store.head(pool);
  return Promise.all(Array.from({ length: head + 1 }, (_, number) => store.entries(pool, number)));
}

test('the memory of a pool begins empty with number 0, and other pools do not see its changes', async () => {
  const store = postgresOverlayStore(await tests.database());
  assert.equal(await store.head(pool), 0);
  assert.deepEqual(await store.entries(pool, 0), []);
  assert.equal(await store.amend(pool, { add: [], remove: [] }), 0);
  assert.equal(await store.amend(pool, { add: [entry(1)], remove: [] }), 1);
  assert.equal(await store.head('default/other'), 0);
  for (const number of [2, -1, 0.5]) await assert.rejects(store.entries(pool, number), RangeError);
});

test('each number gives what it gave first, whatever is added, replaced and removed later', async () => {
  const db = await tests.database();
  const store = postgresOverlayStore(db);
  const longer = entry(1, { untilMs: 9_000 });
  await store.amend(pool, { add: [entry(2), entry(1)], remove: [] });
  await store.amend(pool, { add: [longer], remove: [] });
  await store.amend(pool, { add: [entry(3)], remove: [idOf(2)] });
  await store.amend(pool, { add: [], remove: [idOf(1), idOf(3)] });
  await store.amend(pool, { add: [entry(2)], remove: [] });
  const expected = [[], [entry(1), entry(2)], [longer, entry(2)], [longer, entry(3)], [], [entry(2)]];
  assert.deepEqual(await states(db), expected);
});

test('entries come ascending by series and anomaly, byte by byte', async () => {
  const db = await tests.database();
  const store = postgresOverlayStore(db);
  const add = [
    entry(4, { series: 'shop/a' }),
    entry(3, { series: 'shop/B' }),
    entry(2, { series: 'shop/a' }),
  ];
  await store.amend(pool, { add, remove: [] });
  const [, one = []] = await states(db);
  assert.deepEqual(
    one.map((item) => [item.series, item.anomalyId]),
    [
      ['shop/B', idOf(3)],
      ['shop/a', idOf(2)],
      ['shop/a', idOf(4)],
    ],
  );
});

test('a change that changes nothing makes no new number', async () => {
  const store = postgresOverlayStore(await tests.database());
  await store.amend(pool, { add: [entry(1, { patterns: [{ a: 1.1, b: -0 }] })], remove: [] });
  const same = entry(1, { patterns: [{ b: -0, a: 1.1 }] });
  assert.equal(await store.amend(pool, { add: [same, same], remove: [idOf(7)] }), 1);
  assert.equal(await store.amend(pool, { add: [same], remove: [idOf(1)] }), 1, 'added wins over removed');
  assert.equal(await store.amend(pool, { add: [entry(1, { patterns: [] })], remove: [] }), 2);
});

test('of writers at the same time each makes a number of its own, and none undoes another', async () => {
  const db = await tests.database();
  const store = postgresOverlayStore(db);
  const numbers = await Promise.all(
    Array.from({ length: 12 }, (_, n) => store.amend(pool, { add: [entry(n)], remove: [] })),
  );
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 12 }, (_, n) => n + 1),
  );
  const seen = await states(db);
  assert.deepEqual(
    seen.map((state) => state.length),
    Array.from({ length: 13 }, (_, n) => n),
  );
  const mixed = Array.from({ length: 12 }, (_, n) =>
    store.amend(pool, n % 2 === 0 ? { add: [], remove: [idOf(0)] } : { add: [entry(0)], remove: [] }),
  );
  const head = Math.max(...(await Promise.all(mixed)));
  assert.equal(await store.head(pool), head);
  assert.deepEqual((await states(db)).slice(0, 13), seen, 'what was there did not change');
});

test('the entry of an anomaly is told with since when there is one', async () => {
  const store = postgresOverlayStore(await tests.database());
  assert.equal(await store.ofAnomaly(pool, idOf(1)), null);
  await store.amend(pool, { add: [entry(1)], remove: [] });
  const first = await store.ofAnomaly(pool, idOf(1));
  assert.ok(first !== null && first.addedAtMs > 1_600_000_000_000);
  const longer = entry(1, { untilMs: 9_000 });
  await store.amend(pool, { add: [longer], remove: [] });
  assert.deepEqual(await store.ofAnomaly(pool, idOf(1)), { ...longer, addedAtMs: first.addedAtMs });
  await store.amend(pool, { add: [], remove: [idOf(1)] });
  assert.equal(await store.ofAnomaly(pool, idOf(1)), null);
});

test('entries that went long ago are forgotten, unless a replay would still follow a state that has them', async () => {
  const db = await tests.database();
  const store = postgresOverlayStore(db);
  await store.amend(pool, { add: [entry(1)], remove: [] });
  await store.amend(pool, { add: [entry(2)], remove: [idOf(1)] });
  await store.amend(pool, { add: [entry(3)], remove: [idOf(2)] });
  await db.query(
    `INSERT INTO version_span (pool, partition, from_sequence, version, overlay) VALUES ($1, '0', 7, 1, 2)`,
    [pool],
  );
  const rows = async () =>
    (await db.query<{ id: string }>('SELECT anomaly_id AS id FROM overlay_entry ORDER BY added')).map(
      ({ id }) => id,
    );
  // As many changes as it takes, without making each of them.
  await db.query('UPDATE overlay_head SET number = 1001 WHERE pool = $1', [pool]);
  await store.amend(pool, { add: [entry(4)], remove: [] });
  assert.deepEqual(await rows(), [idOf(2), idOf(3), idOf(4)]);
  assert.deepEqual(await store.entries(pool, 2), [entry(2)]);
  await db.query('DELETE FROM version_span');
  await store.amend(pool, { add: [], remove: [idOf(4)] });
  assert.deepEqual(await rows(), [idOf(3), idOf(4)]);
  assert.deepEqual(await store.entries(pool, 1003), [entry(3)]);
});
