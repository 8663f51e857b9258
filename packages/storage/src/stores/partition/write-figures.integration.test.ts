import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores, type Stores } from '../../open-stores.ts';
import type { ScoringFigures, VersionLife } from '../../ports/partition-store.ts';
import { partitionWriter } from '../../testing/fill-stores.ts';
import { sampleBatch, sampleFigures } from '../../testing/sample-batch.ts';
import { storeTest } from '../../testing/store-test.ts';

const tests = storeTest();
const pool = 'default/shop';

/** Lives without their times. */
async function lives(stores: Stores) {
  return (await stores.rollouts.figures(pool)).map(({ sinceMs: _, ...life }) => life);
}

function lifeOf(version: number, figures: Partial<ScoringFigures>, change: Partial<VersionLife> = {}) {
  const { sinceMs: _, ...rest } = { sinceMs: 0, ...change };
  return { partition: '0', version, errors: 0, ...sampleFigures(figures), ...rest };
}

test('figures of batches add up per version and partition, bin by bin', async () => {
  const stores = openStores(await tests.database());
  const one = await partitionWriter(stores, pool, '0');
  const two = await partitionWriter(stores, pool, '10');
  const first = sampleFigures({
    readings: 10,
    anomalies: 1,
    alarms: 3,
    quieted: 2,
    pValues: Array.from({ length: 64 }, (_, bin) => bin),
    inputs: [5, 0, 1],
    logResiduals: { sum: -2.5, count: 9 },
  });
  await one.commit({ version: 1, figures: first });
  await one.commit({ version: 1, figures: { ...first, anomalies: 0, inputs: [0, 7, 1] } });
  await one.commit({ version: 2, figures: sampleFigures({ readings: 4 }) });
  await two.commit({ version: 1, figures: sampleFigures({ readings: 1 }) });
  assert.deepEqual(await lives(stores), [
    lifeOf(1, {
      readings: 20,
      anomalies: 1,
      alarms: 6,
      quieted: 4,
      pValues: Array.from({ length: 64 }, (_, bin) => 2 * bin),
      inputs: [5, 7, 2],
      logResiduals: { sum: -5, count: 18 },
    }),
    lifeOf(2, { readings: 4 }),
    { ...lifeOf(1, { readings: 1 }), partition: '10' },
  ]);
  assert.deepEqual(await stores.rollouts.figures('default/other'), []);
});

test('bins that are not there, or fewer, count as zero', async () => {
  const stores = openStores(await tests.database());
  const { commit } = await partitionWriter(stores, pool);
  const add = (pValues: number[]) => commit({ figures: sampleFigures({ readings: 1, pValues }) });
  for (const [batch, sum] of [
    [[], []],
    [
      [1, 2],
      [1, 2],
    ],
    [[], [1, 2]],
    [
      [1, 1, 1],
      [2, 3, 1],
    ],
    [[4], [6, 3, 1]],
  ] as [number[], number[]][]) {
    await add(batch);
    assert.deepEqual((await lives(stores))[0]?.pValues, sum);
  }
});

test('a version has lived since its first readings, and a batch without figures begins no life', async () => {
  const db = await tests.database();
  const stores = openStores(db);
  const { commit } = await partitionWriter(stores, pool);
  await commit({ version: 1 });
  await commit({ version: 1, figures: sampleFigures({ pValues: [0, 0] }) });
  assert.deepEqual(await lives(stores), []);
  await stores.partitions.failed(pool, '0', 1);
  await db.query(`UPDATE version_figures SET since = to_timestamp(1)`);
  const since = async () => (await stores.rollouts.figures(pool))[0]?.sinceMs;
  assert.equal(await since(), 1_000);
  await commit({ version: 1, figures: sampleFigures({ readings: 1 }) });
  const begun = await since();
  assert.ok(begun !== undefined && Math.abs(Date.now() - begun) < 60_000);
  await commit({ version: 1, figures: sampleFigures({ readings: 1 }) });
  assert.equal(await since(), begun);
});

test('failures of a version count beside its figures, also before it has any', async () => {
  const stores = openStores(await tests.database());
  const { commit } = await partitionWriter(stores, pool);
  await Promise.all([1, 2, 3].map(() => stores.partitions.failed(pool, '0', 5)));
  assert.deepEqual(await lives(stores), [lifeOf(5, {}, { errors: 3 })]);
  await commit({ version: 5, figures: sampleFigures({ readings: 2, pValues: [1, 1] }) });
  await stores.partitions.failed(pool, '0', 5);
  assert.deepEqual(await lives(stores), [lifeOf(5, { readings: 2, pValues: [1, 1] }, { errors: 4 })]);
});

test('a batch that comes again counts once', async () => {
  const stores = openStores(await tests.database());
  const { ref, commit } = await partitionWriter(stores, pool);
  await commit();
  const batch = sampleBatch(ref, {
    checkpoint: 7,
    counted: { readings: 3, duplicates: 1 },
    figures: sampleFigures({ readings: 3, pValues: [1, 2] }),
  });
  await stores.partitions.commit(batch);
  await stores.partitions.commit(batch);
  assert.deepEqual(await lives(stores), [lifeOf(0, { readings: 3, pValues: [1, 2] })]);
  const [partition] = (await stores.plans.poolState(pool)).partitions;
  assert.deepEqual([partition?.readings, partition?.duplicates], [3, 1]);
  await assert.rejects(stores.partitions.commit({ ...batch, checkpoint: 6 }), RangeError);
  await assert.rejects(stores.partitions.commit({ ...batch, ref: { ...ref, epoch: 9 }, checkpoint: 8 }));
  assert.deepEqual(await lives(stores), [lifeOf(0, { readings: 3, pValues: [1, 2] })]);
});
