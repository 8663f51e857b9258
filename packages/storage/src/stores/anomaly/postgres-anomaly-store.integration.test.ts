import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomaliesPage, AnomaliesQuery, DetectorPoolSpec } from '@verdict/contracts';
import type { Database } from '../../database/open-database.ts';
import { openStores } from '../../open-stores.ts';
import { anomalyWriter, judge } from '../../testing/fill-stores.ts';
import { sampleAnomaly } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';
import { InvalidPageToken } from './page-token.ts';

const tests = storeTest();
const idOf = (n: number) => n.toString(16).padStart(24, '0');

/** Commits anomalies in batches of one pool's partition. */
async function committer(db: Database, pool?: string) {
  const stores = openStores(db);
  return { stores, commit: await anomalyWriter(stores, pool) };
}

const query = (part: Partial<AnomaliesQuery> = {}) => AnomaliesQuery.parse(part);
const ids = (page: AnomaliesPage) => page.items.map((item) => Number.parseInt(item.id, 16));

test('a committed anomaly is told as the contract says, with the model of its pool', async () => {
  const { stores, commit } = await committer(await tests.database());
  const spec = DetectorPoolSpec.parse({ model: 'baskets', consumerGroup: 'shop' });
  await stores.plans.putPool({ namespace: 'default', name: 'shop', spec });
  await commit(sampleAnomaly({ id: idOf(1) }));
  await judge(stores, idOf(1), 'eve', 'true');
  const page = await stores.anomalies.list(query());
  assert.deepEqual(AnomaliesPage.parse(page), page);
  assert.deepEqual(page.items[0], await stores.anomalies.get(idOf(1)));
  const { model, pool, namespace, start, peak, verdicts } = page.items[0] ?? {};
  assert.deepEqual(
    { model, pool, namespace, start },
    {
      model: 'baskets',
      pool: 'shop',
      namespace: 'default',
      start: '1970-01-01T00:00:01.000Z',
    },
  );
  assert.deepEqual(peak, { time: '1970-01-01T00:00:01.500Z', score: 0.9 });
  assert.deepEqual(verdicts, [
    { person: 'eve', verdict: 'true', reason: null, comment: null, at: '1970-01-01T00:00:01.000Z' },
  ]);
  assert.equal(await stores.anomalies.get(idOf(2)), null);
});

test('every filter keeps what it names', async () => {
  const { stores, commit } = await committer(await tests.database());
  const closed = { state: 'closed' as const, kind: 'closed' as const };
  await commit(
    sampleAnomaly({ id: idOf(1), startMs: 1_000, endMs: 2_000, ...closed }),
    sampleAnomaly({ id: idOf(2), startMs: 3_000, endMs: 4_000, series: 'shop/checkout', ...closed }),
    sampleAnomaly({ id: idOf(3), startMs: 5_000, endMs: 6_000 }),
  );
  await judge(stores, idOf(1), 'eve', 'true');
  await judge(stores, idOf(2), 'eve', 'false');
  await judge(stores, idOf(3), 'eve', 'true');
  await judge(stores, idOf(3), 'eve', 'withdrawn');
  const list = async (part: Partial<AnomaliesQuery>) => ids(await stores.anomalies.list(query(part)));
  const at = (ms: number) => new Date(ms).toISOString();
  assert.deepEqual(await list({}), [3, 2, 1]);
  assert.deepEqual(await list({ series: 'shop/checkout' }), [2]);
  assert.deepEqual(await list({ model: 'shop' }), [3, 2, 1]);
  assert.deepEqual(await list({ model: 'other' }), []);
  assert.deepEqual(await list({ state: 'open' }), [3]);
  assert.deepEqual(await list({ state: 'closed' }), [2, 1]);
  assert.deepEqual(await list({ from: at(3_500) }), [3, 2]);
  assert.deepEqual(await list({ from: at(60_000) }), [3], 'an open anomaly lasts until now');
  assert.deepEqual(await list({ to: at(3_000) }), [1]);
  assert.deepEqual(await list({ verdict: 'none' }), [3]);
  assert.deepEqual(await list({ verdict: 'any' }), [2, 1]);
  assert.deepEqual(await list({ verdict: 'true' }), [1]);
  assert.deepEqual(await list({ verdict: 'false' }), [2]);
});

test('pages follow each other without gaps or repeats, also where many start at once', async () => {
  const { stores, commit } = await committer(await tests.database());
  await commit(
    ...Array.from({ length: 25 }, (_, i) =>
      sampleAnomaly({ id: idOf(i + 1), startMs: 1_000 * Math.floor(i / 10) }),
    ),
  );
  const seen: number[] = [];
  const cursors = new Set<string>();
  let next: string | null = null;
  do {
    const page: AnomaliesPage = await stores.anomalies.list(query({ limit: 7, next: next ?? undefined }));
    seen.push(...ids(page));
    cursors.add(page.cursor);
    next = page.next;
    if (seen.length === 7) await commit(sampleAnomaly({ id: idOf(99), startMs: 99_000 }));
  } while (next !== null);
  assert.equal(seen.length, 25);
  assert.equal(new Set(seen).size, 25);
  assert.equal(cursors.size, 1, 'all pages give the cursor of the first');
  assert.deepEqual(ids(await stores.anomalies.list(query({ since: [...cursors][0] }))), [99]);
});

test('a change that is committed after a younger one is not missed by the cursor', async () => {
  const db = await tests.database();
  const { stores, commit } = await committer(db);
  await commit(sampleAnomaly({ id: idOf(1) }), sampleAnomaly({ id: idOf(2) }));
  let cursor = '';
  await db.transaction(async ({ query: run }) => {
    // An older transaction that is slow …
    await run('UPDATE anomaly SET changed_xid = pg_current_xact_id() WHERE id = $1', [idOf(1)]);
    // … a younger one that is done first, and a reader in between.
    await commit(sampleAnomaly({ id: idOf(3) }));
    const page = await stores.anomalies.list(query({ since: '0' }));
    assert.deepEqual(ids(page).sort(), [1, 2, 3]);
    cursor = page.cursor;
  });
  const later = await stores.anomalies.list(query({ since: cursor }));
  assert.deepEqual(ids(later), [1, 3], 'the late one, oldest change first, and the younger one again');
  const quiet = await stores.anomalies.list(query({ since: later.cursor }));
  assert.deepEqual(ids(quiet), []);
});

test('a new verdict brings its anomaly back to who asks for changes, and a repeated revision does not', async () => {
  const { stores, commit } = await committer(await tests.database());
  await commit(sampleAnomaly({ id: idOf(1) }), sampleAnomaly({ id: idOf(2) }));
  const { cursor } = await stores.anomalies.list(query());
  await commit(sampleAnomaly({ id: idOf(2) }));
  assert.deepEqual(ids(await stores.anomalies.list(query({ since: cursor }))), []);
  await judge(stores, idOf(1), 'eve', 'true');
  const page = await stores.anomalies.list(query({ since: cursor }));
  assert.deepEqual(ids(page), [1]);
  assert.equal(page.items[0]?.verdicts.length, 1);
});

test('changes come in pages too, and a cursor of another database gives everything', async () => {
  const { stores, commit } = await committer(await tests.database());
  for (const n of [5, 4, 3, 2, 1]) await commit(sampleAnomaly({ id: idOf(n) }));
  const first = await stores.anomalies.list(query({ since: '0', limit: 3 }));
  assert.deepEqual(ids(first), [5, 4, 3]);
  const rest = await stores.anomalies.list(query({ since: '0', limit: 3, next: first.next ?? '' }));
  assert.deepEqual(ids(rest), [2, 1]);
  assert.equal(rest.next, null);
  const foreign = await stores.anomalies.list(query({ since: '99999999999999999999' }));
  assert.equal(foreign.items.length, 5);
});

test('a next that was made up or is of another listing is refused', async () => {
  const { stores, commit } = await committer(await tests.database());
  await commit(sampleAnomaly({ id: idOf(1) }), sampleAnomaly({ id: idOf(2) }));
  await assert.rejects(stores.anomalies.list(query({ next: 'made up' })), InvalidPageToken);
  const { next } = await stores.anomalies.list(query({ limit: 1 }));
  await assert.rejects(stores.anomalies.list(query({ since: '0', next: next ?? '' })), InvalidPageToken);
});

test('a revision is announced once, and older ones never after it', async () => {
  const { stores, commit } = await committer(await tests.database());
  await commit(sampleAnomaly({ id: idOf(1) }));
  const [one, two] = await Promise.all(
    [1, 2].map(() => stores.anomalies.announce({ id: idOf(1), revision: 1, kind: 'opened' })),
  );
  assert.notEqual(one, two);
  assert.equal(await stores.anomalies.announce({ id: idOf(1), revision: 3, kind: 'closed' }), true);
  assert.equal(await stores.anomalies.announce({ id: idOf(1), revision: 2, kind: 'updated' }), false);
  assert.equal(await stores.anomalies.announce({ id: idOf(7), revision: 1, kind: 'opened' }), false);
});

test('counts per model go by the majority of current verdicts', async () => {
  const { stores, commit } = await committer(await tests.database());
  await commit(
    ...[1, 2, 3].map((n) => sampleAnomaly({ id: idOf(n), startMs: n === 1 ? Date.now() : 1_000 })),
  );
  for (const [id, person, verdict] of [
    [1, 'ann', 'true'],
    [1, 'bob', 'false'],
    [1, 'eve', 'false'],
    [2, 'ann', 'true'],
    [2, 'bob', 'false'],
    [2, 'bob', 'withdrawn'],
    [3, 'ann', 'false'],
    [3, 'ann', 'withdrawn'],
  ] as const)
    await judge(stores, idOf(id), person, verdict);
  const expected = { total: 3, lastDay: 1, judgedTrue: 1, judgedFalse: 1 };
  assert.deepEqual(await stores.anomalies.counts(), new Map([['default/shop', expected]]));
});
