import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStores } from '../open-stores.ts';
import { partitionWriter } from '../testing/fill-stores.ts';
import { sampleFigures } from '../testing/sample-batch.ts';
import { rolloutState } from '../testing/sample-rollout.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const pool = 'default/shop';
const nowMs = Date.UTC(2026, 2, 10);

test('figures of versions that nothing names any more go, and when they first served is known for ever', async () => {
  const db = await tests.database();
  const stores = openStores(db);
  const { rollouts } = stores;
  const one = await partitionWriter(stores, pool, '0');
  const other = await partitionWriter(stores, pool, '1');
  const figures = sampleFigures({ readings: 4 });
  for (const version of [0, 1, 2, 3, 4, 5, 6, 7, 9]) await one.commit({ version, figures });
  for (const version of [1, 9]) await other.commit({ version, figures });
  await stores.partitions.failed(pool, '0', 8);
  await db.query(
    `UPDATE version_figures SET seen = to_timestamp($1), since = to_timestamp(100 + version + partition::integer)`,
    [nowMs / 1000 - 1],
  );
  const planned = { version: 2, shadow: 3, fallback: 4 };
  await stores.plans.writePlan(pool, 0, { '0': planned });
  const before = { '0': { version: 7, shadow: null, fallback: null } };
  const state = rolloutState({ champion: 5, candidate: 6, fallback: 0, before });
  await rollouts.put(pool, 0, { state, baseline: null, events: [] });
  const versions = async () => (await rollouts.figures(pool)).map(({ version }) => version);
  const since = await rollouts.servedSince(pool);
  assert.deepEqual(
    [...since.keys()].sort(),
    [0, 1, 2, 3, 4, 5, 6, 7, 9],
    'one that only failed never served',
  );

  assert.equal(await rollouts.dropOldFigures(nowMs - 1000), 0);
  assert.equal(await rollouts.dropOldFigures(nowMs), 3);
  // Version 9 is what both partitions committed with last.
  assert.deepEqual(await versions(), [0, 2, 3, 4, 5, 6, 7, 9, 9]);
  assert.deepEqual(await rollouts.servedSince(pool), since);
  assert.equal(since.get(1), 101_000);

  await one.commit({ version: 1, figures });
  await db.query('UPDATE lease SET version = 9');
  assert.equal(await rollouts.dropOldFigures(nowMs), 0, 'it has scored again');
  assert.equal((await rollouts.servedSince(pool)).get(1), 101_000);
});

test('figures of a pool without a plan or a rollout are kept while they are new', async () => {
  const db = await tests.database();
  const stores = openStores(db);
  await stores.partitions.failed(pool, '0', 3);
  assert.equal(await stores.rollouts.dropOldFigures(Date.now() - 60_000), 0);
  assert.equal(await stores.rollouts.dropOldFigures(Date.now() + 60_000), 1);
  assert.deepEqual(await stores.rollouts.figures(pool), []);
  assert.deepEqual(await stores.rollouts.servedSince(pool), new Map());
});
