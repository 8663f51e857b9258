import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelTrust, TrustPoint } from '@verdict/contracts';
import { openStores, type Stores } from '../open-stores.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const dayMs = 86_400_000;
const isoTime = (ms: number) => new Date(ms).toISOString();

function trustAt(atMs: number): ModelTrust {
  const confidence = { state: 'good' as const, mean: 0.9, low: 0.8, high: 0.95, tp: 9, fp: 1, judged: 10 };
  const quality = { precision: null, recall: null, labelCoverage: null, anomalies: 0, judged: 0 };
  return {
    at: isoTime(atMs),
    version: 3,
    confidence: { ...confidence, contested: 0 },
    signs: [{ name: 'drift', value: null, border: 1, active: false, text: 'too little to say' }],
    drift: { verdict: 'calm', reason: 'no sign is active', window: 1 },
    quality: { ...quality, tp: 0, fp: 0, missed: 0 },
    verdicts: [],
    versions: {},
  };
}

function pointAt(atMs: number): TrustPoint {
  const unknown = { precision: null, recall: null, labelCoverage: null };
  return {
    at: isoTime(atMs),
    version: 3,
    state: 'good',
    mean: 0.9,
    low: 0.8,
    high: 0.95,
    judged: 1,
    ...unknown,
  };
}

const model = { namespace: 'default', model: 'shop' };

function put(
  { trust }: Stores,
  change: Partial<Parameters<Stores['trust']['put']>[0]> & { atMs: number; expectedRevision: number },
) {
  const { atMs, ...rest } = change;
  const request = {
    ...model,
    trust: trustAt(atMs),
    signs: { seen: atMs },
    point: pointAt(atMs),
    tell: false,
  };
  return trust.put({ ...request, ...rest });
}

const times = (points: readonly TrustPoint[]) => points.map((point) => Date.parse(point.at));

test('trust is there as it was put last, with what the signs have counted', async () => {
  const stores = openStores(await tests.database());
  assert.equal(await stores.trust.get('default', 'shop'), null);
  assert.equal(await put(stores, { atMs: 1_000, expectedRevision: 0 }), true);
  assert.equal(await put(stores, { atMs: 2_000, expectedRevision: 1, signs: null, point: null }), true);
  assert.deepEqual(await stores.trust.get('default', 'shop'), {
    revision: 2,
    trust: trustAt(2_000),
    signs: null,
  });
  assert.equal(await stores.trust.get('other', 'shop'), null);
});

test('of those who put trust at once one wins, and the others leave no point', async () => {
  const stores = openStores(await tests.database());
  for (let expectedRevision = 0; expectedRevision < 3; expectedRevision++) {
    const won = await Promise.all(
      [1, 2, 3, 4].map((n) => put(stores, { atMs: 10_000 * expectedRevision + n, expectedRevision })),
    );
    assert.equal(won.filter(Boolean).length, 1);
  }
  assert.equal(await put(stores, { atMs: 99_000, expectedRevision: 0 }), false);
  assert.equal(await put(stores, { atMs: 99_000, expectedRevision: 7 }), false);
  const points = await stores.trust.history({ ...model, fromMs: 0, toMs: 100_000, limit: 100 });
  assert.equal(points.length, 3);
  assert.equal((await stores.trust.get('default', 'shop'))?.revision, 3);
});

test('the history is thinned out evenly, first and last point included', async () => {
  const db = await tests.database();
  const stores = openStores(db);
  await db.query(
    `INSERT INTO trust_point (namespace, model, at_ms, point)
     SELECT m.namespace, 'shop', 1000 * n, jsonb_set($1, '{at}', to_jsonb(to_char(
              to_timestamp(n) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
       FROM generate_series(0, 999) n, (VALUES ('default'), ('other')) m (namespace)`,
    [JSON.stringify(pointAt(0))],
  );
  const read = async (limit: number, toMs = 999_000) =>
    times(await stores.trust.history({ ...model, fromMs: 0, toMs, limit }));
  assert.deepEqual(await read(4), [0, 333_000, 666_000, 999_000]);
  assert.deepEqual(await read(1), [999_000]);
  assert.deepEqual(await read(2), [0, 999_000]);
  assert.equal((await read(1_000)).length, 1_000);
  assert.deepEqual(await read(3, 2_000), [0, 1_000, 2_000]);
  for (const limit of [3, 7, 333, 501, 998, 999]) {
    const found = await read(limit);
    assert.equal(found.length, limit);
    const gaps = found.slice(1).map((at, index) => at - (found[index] ?? 0));
    assert.ok(Math.max(...gaps) - Math.min(...gaps) <= 1_000, `evenly spread with ${limit}`);
  }
});

test('points that are older than 30 days go when a new one comes', async () => {
  const stores = openStores(await tests.database());
  await put(stores, { atMs: dayMs, expectedRevision: 0 });
  await put(stores, { atMs: 2 * dayMs, expectedRevision: 1 });
  await put(stores, { atMs: 31.5 * dayMs, expectedRevision: 2 });
  const points = await stores.trust.history({ ...model, fromMs: 0, toMs: 40 * dayMs, limit: 10 });
  assert.deepEqual(times(points), [2 * dayMs, 31.5 * dayMs]);
});

test('who listens hears of new trust when it is to be told', async () => {
  const stores = openStores(await tests.database());
  const heard = Promise.withResolvers<unknown>();
  const listener = await stores.changes.listen(heard.resolve, () => undefined);
  await put(stores, { atMs: 1_000, expectedRevision: 0 });
  await put(stores, { atMs: 2_000, expectedRevision: 0, tell: true });
  await put(stores, { atMs: 3_000, expectedRevision: 1, tell: true });
  assert.deepEqual(await heard.promise, { topic: 'trust', namespace: 'default', name: 'shop' });
  await listener.stop();
});
