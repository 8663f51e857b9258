import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EpochLost } from '@verdict/streams';
import type { Database } from '../../database/open-database.ts';
import { dayMs, dropDaysBefore } from '../../history/history-days.ts';
import type { BatchCommit, PartitionRef } from '../../ports/partition-store.ts';
import { sampleAnomaly, sampleBatch, sampleRows } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';
import { postgresLeaseStore } from '../postgres-lease-store.ts';
import { postgresPartitionStore } from './postgres-partition-store.ts';

const tests = storeTest();
const member = (holder: string) => ({ holder, address: null, pinnedVersion: null });

async function claim(db: Database, holder = 'a', expiryMs = 60_000): Promise<PartitionRef> {
  const lease = { group: 'default/shop', partition: '3', member: member(holder), expiryMs };
  const claimed = await postgresLeaseStore(db).claim(lease);
  assert.ok(claimed);
  return { pool: 'default/shop', partition: '3', epoch: claimed.epoch, holder };
}

/** A batch that writes to every table that a commit can write to. */
function fullBatch(ref: PartitionRef): BatchCommit {
  return sampleBatch(ref, {
    checkpoint: 7,
    version: 2,
    overlay: 1,
    history: [{ series: 'shop/cart', rows: sampleRows([1_000, 2_000, 3_000]) }],
    anomalies: [sampleAnomaly()],
    deadLetters: [
      { sequence: 6, series: null, timeMs: null, reason: 'undecodable', detail: 'x', payload: Buffer.of(1) },
    ],
    series: [
      {
        series: 'shop/cart',
        signals: ['cpu'],
        state: 'scored',
        readings: 3,
        firstMs: 1_000,
        lastMs: 3_000,
        score: 0.25,
        openAnomaly: null,
      },
    ],
    snapshot: { blob: 'state/1', base: null, sequence: 7 },
    counted: { readings: 3, duplicates: 1 },
  });
}

const tables = ['history', 'series', 'anomaly', 'outbox', 'dead_letter', 'snapshot', 'version_span'];

async function rowCounts(db: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const [row] = await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
    counts[table] = row?.n ?? -1;
  }
  return counts;
}

/** Waits until a session waits for another one's lock. */
async function untilBlocked(db: Database): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const [row] = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    if ((row?.n ?? 0) > 0) return;
    await sleep(10);
  }
  assert.fail('nobody waits');
}

const count = (n: number) => Object.fromEntries(tables.map((table) => [table, n]));

test('a commit is there for the next holder of the partition', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  assert.deepEqual(await store.load(ref), {
    checkpoint: -1,
    snapshots: [],
    versions: [],
    hub: null,
    attempts: 1,
  });
  assert.deepEqual(await store.commit(fullBatch(ref)), { obsoleteSnapshots: [] });
  assert.deepEqual(await rowCounts(db), count(1));
  await postgresLeaseStore(db).release({ ...ref, group: ref.pool });
  const next = await claim(db, 'b');
  assert.equal(next.epoch, ref.epoch + 1);
  assert.deepEqual(await store.load(next), {
    checkpoint: 7,
    snapshots: [{ blob: 'state/1', base: null, sequence: 7 }],
    versions: [{ fromSequence: 0, version: 2, overlay: 1, shadow: null }],
    hub: { identity: 'hub-1', partitionCount: 8 },
    attempts: 1,
  });
  assert.deepEqual(await store.newestHistory('default/shop', '3'), new Map([['shop/cart', 3_000]]));
});

test('a commit with an old epoch leaves nothing behind in any table', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const old = await claim(db, 'zombie');
  await postgresLeaseStore(db).release({ ...old, group: old.pool });
  const now = await claim(db, 'b');
  await assert.rejects(store.commit(fullBatch(old)), EpochLost);
  await assert.rejects(store.commit(fullBatch({ ...now, holder: 'other' })), EpochLost);
  await assert.rejects(store.load(old), EpochLost);
  assert.deepEqual(await rowCounts(db), count(0));
  assert.equal((await store.load(now)).checkpoint, -1);
});

test('a commit that is refused late leaves nothing behind in any table', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  await db.query("ALTER TABLE snapshot ADD CONSTRAINT no_more CHECK (blob <> 'state/1')");
  await assert.rejects(store.commit(fullBatch(ref)), /no_more/);
  assert.deepEqual(await rowCounts(db), count(0));
  await db.query('ALTER TABLE snapshot DROP CONSTRAINT no_more');
  await store.commit(fullBatch(ref));
  assert.deepEqual(await rowCounts(db), count(1));
});

test('a claim waits for a commit in flight, and a commit that comes after the claim is refused', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db, 'slow', 1);
  let claimed: Promise<PartitionRef> | undefined;
  let taken = false;
  await db.transaction(async ({ query }) => {
    // What a commit does first.
    await query(`SELECT FROM lease WHERE grp = $1 AND partition = $2 FOR UPDATE`, [ref.pool, ref.partition]);
    claimed = claim(db, 'fast').then((lease) => {
      taken = true;
      return lease;
    });
    await untilBlocked(db);
    assert.equal(taken, false);
  });
  const next = await claimed;
  assert.equal(next?.epoch, ref.epoch + 1);
  await assert.rejects(store.commit(fullBatch(ref)), EpochLost);
});

test('the same batch twice changes nothing the second time', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  await store.commit(fullBatch(ref));
  const [told] = await store.outbox('default/shop', '3', 10);
  assert.ok(told);
  await store.told([told.id]);
  await store.commit(fullBatch(ref));
  assert.deepEqual(await rowCounts(db), { ...count(1), outbox: 0 });
  assert.deepEqual(await store.newestHistory('default/shop', '3'), new Map([['shop/cart', 3_000]]));
});

test('the checkpoint never goes back', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  await store.commit(sampleBatch(ref, { checkpoint: 5 }));
  await assert.rejects(store.commit(sampleBatch(ref, { checkpoint: 4 })), RangeError);
  assert.equal((await store.load(ref)).checkpoint, 5);
});

test('attempts count the loads since the checkpoint last moved', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  assert.equal((await store.load(ref)).attempts, 1);
  assert.equal((await store.load(ref)).attempts, 2);
  await store.commit(sampleBatch(ref, { checkpoint: 0 }));
  assert.equal((await store.load(ref)).attempts, 1);
  await store.commit(sampleBatch(ref, { checkpoint: 0 }));
  assert.equal((await store.load(ref)).attempts, 2);
});

test('versions are noted when they change, and kept as far back as the older snapshot needs', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  const obsolete: string[] = [];
  for (const [checkpoint, version, snapshot] of [
    [9, 0, true],
    [19, 0, false],
    [29, 1, true],
    [39, 2, true],
  ] as const) {
    const blob = { blob: `state/${checkpoint}`, base: null, sequence: checkpoint };
    const batch = sampleBatch(ref, { checkpoint, version, snapshot: snapshot ? blob : null });
    obsolete.push(...(await store.commit(batch)).obsoleteSnapshots);
  }
  assert.deepEqual(obsolete, ['state/9']);
  const state = await store.load(ref);
  assert.deepEqual(
    state.snapshots.map((snapshot) => snapshot.sequence),
    [39, 29],
  );
  assert.deepEqual(state.versions, [{ fromSequence: 30, version: 2, overlay: 0, shadow: null }]);
  const stored = await db.query('SELECT from_sequence AS first FROM version_span');
  assert.deepEqual(stored, [{ first: 30 }], 'what no replay follows is forgotten');
});

test('the two newest whole snapshots are kept with all that follow them, newest first; older ones go with a new whole one', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  const obsolete: string[][] = [];
  // Several at the same event, as when versions change: what was committed later is newer.
  for (const [blob, base, sequence] of [
    ['a', null, 9],
    ['a1', 'a', 19],
    ['b', null, 19],
    ['b1', 'b', 19],
    ['b2', 'b', 29],
    ['c', null, 39],
    ['c1', 'c', 49],
    ['d', null, 49],
  ] as const)
    obsolete.push(
      (
        await store.commit(sampleBatch(ref, { checkpoint: sequence, snapshot: { blob, base, sequence } }))
      ).obsoleteSnapshots.sort(),
    );
  assert.deepEqual(obsolete, [[], [], [], [], [], ['a', 'a1'], [], ['b', 'b1', 'b2']]);
  assert.deepEqual((await store.load(ref)).snapshots, [
    { blob: 'd', base: null, sequence: 49 },
    { blob: 'c1', base: 'c', sequence: 49 },
    { blob: 'c', base: null, sequence: 39 },
  ]);
});

test('overlays that changed between the two snapshots are all kept, and the one in force at the older', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  for (let overlay = 0; overlay < 8; overlay++) {
    const checkpoint = 10 * overlay + 9;
    const snapshot = [1, 3, 6].includes(overlay)
      ? { blob: `state/${overlay}`, base: null, sequence: checkpoint - 5 }
      : null;
    await store.commit(sampleBatch(ref, { checkpoint, overlay, snapshot }));
  }
  const state = await store.load(ref);
  assert.deepEqual(
    state.versions.map(({ fromSequence, overlay }) => [fromSequence, overlay]),
    [3, 4, 5, 6, 7].map((overlay) => [10 * overlay, overlay]),
  );
  assert.deepEqual(await db.query('SELECT count(*) AS n FROM version_span'), [{ n: 5 }]);
});

test('a batch with several changes of one anomaly keeps the last and tells all of them in order', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  const anomalies = [
    sampleAnomaly(),
    sampleAnomaly({ revision: 2, kind: 'updated', endMs: 5_000, modelVersion: 4 }),
    sampleAnomaly({ revision: 3, kind: 'closed', state: 'closed', endMs: 5_000, modelVersion: 4 }),
  ];
  await store.commit(sampleBatch(ref, { anomalies: anomalies.slice(0, 1) }));
  await store.commit(sampleBatch(ref, { anomalies }));
  const rows = await db.query('SELECT model, revision, state, model_version, end_ms FROM anomaly');
  assert.deepEqual(rows, [{ model: 'shop', revision: 3, state: 'closed', model_version: 0, end_ms: 5_000 }]);
  const outbox = await store.outbox('default/shop', '3', 10);
  assert.deepEqual(
    outbox.map((entry) => [entry.revision, entry.kind]),
    [
      [1, 'opened'],
      [2, 'updated'],
      [3, 'closed'],
    ],
  );
  await store.told(outbox.map((entry) => entry.id));
  assert.deepEqual(await store.outbox('default/shop', '3', 10), []);
});

test('history that crosses midnight is found again, reading by reading', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  const times = [dayMs - 2, dayMs - 1, dayMs, dayMs + 1];
  await store.commit(sampleBatch(ref, { history: [{ series: 's', rows: sampleRows(times) }] }));
  const asked = [dayMs - 3, ...times, dayMs + 2].map((timeMs) => ({ series: 's', timeMs }));
  const answer = await store.existsInHistory('default/shop', [...asked, { series: 't', timeMs: dayMs }]);
  assert.deepEqual(answer, [false, true, true, true, true, false, false]);
});

test('a commit makes a day anew that another process dropped meanwhile', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  const history = (time: number) => [{ series: 's', rows: sampleRows([time]) }];
  await store.commit(sampleBatch(ref, { history: history(1_000) }));
  assert.equal(await dropDaysBefore(db, dayMs), 1);
  await store.commit(sampleBatch(ref, { checkpoint: 1, history: history(2_000) }));
  const at = (timeMs: number) => ({ series: 's', timeMs });
  assert.deepEqual(await store.existsInHistory('default/shop', [at(1_000), at(2_000)]), [false, true]);
});

test('series whose first commit was rolled back get a lasting number at the next one', async () => {
  const db = await tests.database();
  const store = postgresPartitionStore(db);
  const ref = await claim(db);
  await store.commit(sampleBatch(ref, { checkpoint: 3 }));
  const history = [{ series: 'new', rows: sampleRows([1_000]) }];
  await db.query('ALTER TABLE history ADD CONSTRAINT no_more CHECK (first_ms <> 1000)');
  await assert.rejects(store.commit(sampleBatch(ref, { checkpoint: 4, history })), /no_more/);
  await db.query('ALTER TABLE history DROP CONSTRAINT no_more');
  await store.commit(sampleBatch(ref, { checkpoint: 4, history }));
  assert.deepEqual(await store.existsInHistory('default/shop', [{ series: 'new', timeMs: 1_000 }]), [true]);
});
