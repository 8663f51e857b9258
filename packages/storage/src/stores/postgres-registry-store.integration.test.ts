import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { openStores } from '../open-stores.ts';
import { ModelTaken, type VersionRow } from '../ports/registry-store.ts';
import { sampleBatch } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
const poolOf = (name: string, model: string) => ({
  namespace: 'default',
  name,
  spec: DetectorPoolSpec.parse({ model, consumerGroup: name }),
});

test('models and their versions come back as they were put', async () => {
  const { registry } = openStores(await tests.database());
  await registry.putModel({ namespace: 'default', name: 'shop', spec: { ...spec, window: 8 } });
  await registry.putModel({ namespace: 'default', name: 'shop', spec });
  assert.deepEqual(await registry.models(), [{ namespace: 'default', name: 'shop', spec }]);
  const version: VersionRow = {
    version: 1,
    state: 'candidate',
    createdAtMs: 1_790_000_000_000,
    manifest: null,
    evaluation: {
      accepted: true,
      reasons: ['it is better'],
      candidate: { loss: 0.1234567890123 },
      baselineVersion: 0,
      baseline: {},
    },
  };
  await registry.putVersion('default', 'shop', version);
  await registry.putVersion('default', 'shop', { ...version, state: 'accepted' });
  assert.deepEqual(await registry.versions('default', 'shop'), [{ ...version, state: 'accepted' }]);
  assert.deepEqual(await registry.versions('default', 'other'), []);
});

test('version numbers are given once, also to many who ask at once', async () => {
  const { registry } = openStores(await tests.database());
  const given = await Promise.all(
    Array.from({ length: 10 }, () => registry.reserveVersion('default', 'shop')),
  );
  assert.deepEqual(
    given.sort((a, b) => a - b),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
});

test('a trigger starts one training, whoever asks and however often', async () => {
  const { registry } = openStores(await tests.database());
  const run = { namespace: 'default', model: 'shop', triggerId: 'first' };
  const begun = await Promise.all([1, 2, 3].map(() => registry.beginTraining(run)));
  assert.equal(begun.filter(Boolean).length, 1);
  await registry.endTraining({ ...run, state: 'succeeded', version: 1, message: 'fine' });
  await registry.endTraining({ ...run, state: 'failed', version: null, message: 'the first end counts' });
  assert.equal(await registry.beginTraining(run), false);
  const [view] = await registry.trainings('default', 'shop', 20);
  assert.equal(view?.state, 'succeeded');
  assert.equal(view?.version, 1);
  assert.ok(view?.endedAt);
  const never = { ...run, triggerId: 'never', state: 'failed' as const, version: null, message: '' };
  await assert.rejects(registry.endTraining(never), /never began/);
});

test('trainings are told newest first', async () => {
  const { registry } = openStores(await tests.database());
  for (const triggerId of ['1', '2', '3'])
    await registry.beginTraining({ namespace: 'default', model: 'shop', triggerId });
  const views = await registry.trainings('default', 'shop', 2);
  assert.deepEqual(
    views.map((view) => [view.triggerId, view.state, view.endedAt]),
    [
      ['3', 'running', null],
      ['2', 'running', null],
    ],
  );
});

test('a model is served by one pool', async () => {
  const { plans } = openStores(await tests.database());
  await plans.putPool(poolOf('shop', 'shop'));
  await plans.putPool(poolOf('shop', 'shop'));
  await assert.rejects(plans.putPool(poolOf('shop-2', 'shop')), ModelTaken);
  await plans.putPool({ ...poolOf('shop', 'shop'), namespace: 'other' });
  assert.equal((await plans.pools()).length, 2);
});

test('of two writers of a plan one wins, and the other is told that its revision is old', async () => {
  const { plans } = openStores(await tests.database());
  const partition = (version: number) => ({ '0': { version, shadow: null, fallback: null } });
  assert.deepEqual(await plans.plan('default/shop'), { revision: 0, partitions: {} });
  for (let revision = 0; revision < 3; revision++) {
    const writes = await Promise.all(
      [1, 2, 3, 4].map((version) => plans.writePlan('default/shop', revision, partition(version))),
    );
    const won = writes.filter((plan) => plan !== null);
    assert.equal(won.length, 1);
    assert.equal(won[0]?.revision, revision + 1);
    assert.deepEqual(await plans.plan('default/shop'), won[0]);
  }
  assert.equal(await plans.writePlan('default/shop', 9, partition(1)), null);
});

test("a pool's state tells who holds what and how far it came", async () => {
  const { plans, leases, partitions } = openStores(await tests.database());
  const group = 'default/shop';
  const member = { holder: 'a', address: 'http://127.0.0.1:1', pinnedVersion: null };
  await leases.claim({ group, partition: '10', member, expiryMs: 60_000 });
  const ref = { pool: group, partition: '10', epoch: 1, holder: 'a' };
  await partitions.commit(
    sampleBatch(ref, { checkpoint: 41, version: 2, shadow: 3, counted: { readings: 3, duplicates: 1 } }),
  );
  await leases.claim({ group, partition: '2', member, expiryMs: 60_000 });
  await leases.release({ group, partition: '2', holder: 'a', epoch: 1 });
  const state = await plans.poolState(group);
  assert.deepEqual(state.partitions, [
    {
      partition: '2',
      holder: null,
      epoch: 1,
      version: null,
      shadow: null,
      checkpoint: -1,
      readings: 0,
      duplicates: 0,
      address: null,
    },
    {
      partition: '10',
      holder: 'a',
      epoch: 1,
      version: 2,
      shadow: 3,
      checkpoint: 41,
      readings: 3,
      duplicates: 1,
      address: 'http://127.0.0.1:1',
    },
  ]);
  assert.equal(state.members[0]?.holder, 'a');
  assert.equal(typeof state.members[0]?.seenAtMs, 'number');
});
