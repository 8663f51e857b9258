import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { openStores } from '../open-stores.ts';
import { StillInUse } from '../ports/upkeep-store.ts';
import { sampleBatch } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const namespace = 'default';
const pool = 'default/shop';

/** A pool whose partition 0 a detector holds and has committed with version 3, with 4 beside it. */
async function served() {
  const stores = openStores(await tests.database());
  await stores.registry.putModel({
    namespace,
    name: 'shop',
    spec: AnomalyModelSpec.parse({ series: ['**'] }),
  });
  const spec = DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' });
  await stores.plans.putPool({ namespace, name: 'shop', spec });
  const member = { holder: 'one', address: null, pinnedVersion: 5 };
  const claim = { group: pool, partition: '0', member, expiryMs: 600_000 };
  const claimed = await stores.leases.claim(claim);
  assert.ok(claimed);
  const ref = { pool, partition: '0', epoch: claimed.epoch, holder: 'one' };
  await stores.partitions.commit(sampleBatch(ref, { checkpoint: 10, version: 3 }));
  const leave = async (): Promise<void> => {
    await stores.leases.release({ group: pool, partition: '0', holder: 'one', epoch: claimed.epoch });
    await stores.leases.leave({ group: pool, holder: 'one' });
  };
  return { stores, spec, leave };
}

test('versions in force are those of partitions, of the way that a restart replays, and of live detectors', async () => {
  const { stores } = await served();
  const inForce = await stores.upkeep.versionsInForce(pool);
  assert.ok(inForce.includes(3) && inForce.includes(5), inForce.join());
  assert.deepEqual(await stores.upkeep.versionsInForce('default/other'), []);
});

test('a pool that detectors serve is not deleted', async () => {
  const { stores } = await served();
  await assert.rejects(stores.upkeep.deletePool(namespace, 'shop'), StillInUse);
  await assert.rejects(stores.upkeep.deleteModel(namespace, 'shop'), StillInUse);
  assert.equal((await stores.plans.pools()).length, 1);
});

test('a pool that is deleted leaves its model free for another one, and nothing in force', async () => {
  const { stores, spec, leave } = await served();
  await stores.plans.writePlan(pool, 0, { 0: { version: 3, shadow: null, fallback: null } });
  await leave();
  assert.deepEqual(await stores.upkeep.deletePool(namespace, 'shop'), []);
  assert.deepEqual(await stores.plans.pools(), []);
  assert.deepEqual(await stores.plans.plan(pool), { revision: 0, partitions: {} });
  assert.deepEqual(await stores.upkeep.versionsInForce(pool), []);
  await stores.plans.putPool({ namespace, name: 'other', spec });
  assert.deepEqual(await stores.upkeep.deletePool(namespace, 'shop'), []);
});

test('a model that is deleted gives no version number twice', async () => {
  const { stores, leave } = await served();
  const { registry, upkeep } = stores;
  assert.equal(await registry.reserveVersion(namespace, 'shop'), 1);
  await registry.beginTraining({ namespace, model: 'shop', triggerId: 'a' });
  await leave();
  await assert.rejects(upkeep.deleteModel(namespace, 'shop'), /the training a is running/);
  const ended = { state: 'failed', version: null, message: '' } as const;
  await registry.endTraining({ namespace, model: 'shop', triggerId: 'a', ...ended });
  await upkeep.deleteModel(namespace, 'shop');
  assert.deepEqual([await registry.models(), await stores.plans.pools()], [[], []]);
  assert.equal(await registry.training(namespace, 'shop', 'a'), null);
  assert.equal(await registry.reserveVersion(namespace, 'shop'), 2);
});
