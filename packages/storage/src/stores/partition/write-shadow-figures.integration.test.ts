import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores, type Stores } from '../../open-stores.ts';
import { partitionWriter } from '../../testing/fill-stores.ts';
import { sampleBatch, sampleComparison, sampleFigures } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';

const tests = storeTest();
const pool = 'default/shop';

/** Lives without their times. */
async function lives(stores: Stores) {
  return (await stores.rollouts.shadows(pool)).map(({ sinceMs: _, ...life }) => life);
}

const comparison = sampleComparison({
  readings: 10,
  disagreements: 2,
  scoreDifference: 0.75,
  served: { anomalies: 1, alarms: 3, quieted: 0 },
  would: { anomalies: 2, alarms: 5, quieted: 1 },
});
const untroubled = { errors: 0, drops: 0, trouble: null };

test('what a shadow did adds up per partition and pair of versions', async () => {
  const stores = openStores(await tests.database());
  const one = await partitionWriter(stores, pool, '0');
  const two = await partitionWriter(stores, pool, '10');
  const pair = { version: 1, shadow: 2, comparison };
  await one.commit(pair);
  await one.commit(pair);
  await one.commit({ ...pair, comparison: null });
  await one.commit({ version: 2, shadow: 1, comparison });
  await two.commit(pair);
  const life = { partition: '0', version: 1, shadow: 2, ...comparison, ...untroubled };
  assert.deepEqual(await lives(stores), [
    {
      ...life,
      readings: 20,
      disagreements: 4,
      scoreDifference: 1.5,
      served: { anomalies: 2, alarms: 6, quieted: 0 },
      would: { anomalies: 4, alarms: 10, quieted: 2 },
    },
    { ...life, version: 2, shadow: 1 },
    { ...life, partition: '10' },
  ]);
  assert.deepEqual(await stores.rollouts.shadows('default/other'), []);
});

test('shadows that were let go are counted with the reason of the last one, also before any was compared', async () => {
  const db = await tests.database();
  const stores = openStores(db);
  const { commit } = await partitionWriter(stores, pool);
  const threw = { shadow: 2, kind: 'error', reason: 'it threw' } as const;
  await commit({ version: 1, shadowTroubles: [threw, threw] });
  await db.query('UPDATE shadow_figures SET since = to_timestamp(1)');
  await commit({ version: 1, shadowTroubles: [{ shadow: 2, kind: 'budget', reason: 'it was slow' }] });
  const troubled = { errors: 2, drops: 1, trouble: 'it was slow' };
  const life = { partition: '0', version: 1, shadow: 2 };
  assert.deepEqual(await lives(stores), [{ ...life, ...sampleComparison(), ...troubled }]);
  assert.equal((await stores.rollouts.shadows(pool))[0]?.sinceMs, 1000);
  await commit({ version: 1, shadow: 2, comparison });
  assert.deepEqual(await lives(stores), [{ ...life, ...comparison, ...troubled }]);
  assert.notEqual((await stores.rollouts.shadows(pool))[0]?.sinceMs, 1000, 'it has been compared since');
});

test('a batch that comes again counts its comparison and its troubles once', async () => {
  const stores = openStores(await tests.database());
  const { ref, commit } = await partitionWriter(stores, pool);
  await commit();
  const batch = sampleBatch(ref, {
    checkpoint: 7,
    version: 1,
    shadow: 2,
    figures: sampleFigures({ readings: 10 }),
    comparison,
    shadowTroubles: [{ shadow: 2, kind: 'error', reason: 'it threw' }],
  });
  await stores.partitions.commit(batch);
  await stores.partitions.commit(batch);
  const [life] = await lives(stores);
  assert.deepEqual([life?.readings, life?.errors], [10, 1]);
});

test('the version beside is known of a partition, and from which event on it was there', async () => {
  const stores = openStores(await tests.database());
  const { ref, commit } = await partitionWriter(stores, pool);
  const shadowOf = async () => (await stores.plans.poolState(pool)).partitions[0]?.shadow;
  await commit({ version: 1 });
  assert.equal(await shadowOf(), null);
  await commit({ version: 1, shadow: 2 });
  await commit({ version: 1, shadow: 2 });
  assert.equal(await shadowOf(), 2);
  await commit({ version: 2, shadow: 1 });
  await commit({ version: 2 });
  const { versions } = await stores.partitions.load(ref);
  assert.deepEqual(
    versions.map(({ fromSequence, version, shadow }) => [fromSequence, version, shadow]),
    [
      [0, 1, null],
      [1, 1, 2],
      [3, 2, 1],
      [4, 2, null],
    ],
  );
});

test('figures of shadows go when one of the two versions is named by nobody any more', async () => {
  const stores = openStores(await tests.database());
  const { commit } = await partitionWriter(stores, pool);
  for (const [version, shadow] of [
    [1, 2],
    [1, 3],
    [4, 1],
    [1, 5],
  ] as const)
    await commit({ version, shadow, comparison });
  await stores.plans.writePlan(pool, 0, { '0': { version: 1, shadow: 2, fallback: null } });
  assert.equal(await stores.rollouts.dropOldFigures(Date.now() - 60_000), 0);
  assert.equal(await stores.rollouts.dropOldFigures(Date.now() + 60_000), 2);
  const pairs = (await lives(stores)).map(({ version, shadow }) => [version, shadow]);
  assert.deepEqual(
    pairs,
    [
      [1, 2],
      [1, 5],
    ],
    'the plan names 2, and 5 is in force',
  );
});
