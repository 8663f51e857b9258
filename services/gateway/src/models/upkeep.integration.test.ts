import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AnomalyModelSpec, type VersionState } from '@verdict/contracts';
import { systemClock } from '@verdict/process';
import { type CommittedPool, commitPool } from '../committed.fixture.ts';
import { caller, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
let service: ReturnType<typeof caller>;
let admin: ReturnType<typeof caller>;
let held: CommittedPool;
const bytes = new Uint8Array([1, 2, 3]);

before(async () => {
  platform = await startPlatform();
  const { url } = await platform.startGateway();
  service = caller(url, await platform.token('operator', 'service'));
  admin = caller(url, await platform.token('root', 'admin'));
});
after(() => platform.stop());

async function leave({ ref: { pool: group, partition, holder, epoch } }: CommittedPool): Promise<void> {
  await platform.stores.leases.release({ group, partition, holder, epoch });
  await platform.stores.leases.leave({ group, holder });
}

async function addVersion(model: string, version: number, state: VersionState): Promise<void> {
  await putBlob(model, version);
  const row = { version, state, createdAtMs: 0, manifest: null, evaluation: null };
  await platform.stores.registry.putVersion('default', model, row);
}
const putBlob = (model: string, version: number) =>
  platform.blobs.put(`models/default/${model}/${version}/model.onnx`, bytes);
const blobsOf = (model: string) => platform.blobs.list(`models/default/${model}/`);
const statesOf = async (model: string) =>
  (await platform.stores.versions.summaries('default', model)).map(
    ({ version, state }) => `${version} ${state}`,
  );
const declare = async (name: string) => {
  await platform.stores.registry.putModel({
    namespace: 'default',
    name,
    spec: AnomalyModelSpec.parse({ series: [`${name}/**`] }),
  });
  // The directory is read again after two seconds.
  await systemClock.sleep(2100);
};

test('a training is recorded before its job starts, once, and the first end counts', async () => {
  await declare('trained');
  const put = (id: string, body: object) =>
    service('PUT', `/models/trained/trainings/${encodeURIComponent(id)}`, body);
  assert.equal((await put('asked-a/b', { state: 'failed', message: 'gone' })).status, 404);
  const first = await put('asked-a/b', { state: 'running' });
  assert.deepEqual([first.status, first.body.triggerId, first.body.state], [200, 'asked-a/b', 'running']);
  assert.deepEqual((await put('asked-a/b', { state: 'running' })).body, first.body);
  const failed = await put('asked-a/b', { state: 'failed', message: 'its pod was killed' });
  assert.deepEqual([failed.body.state, failed.body.message], ['failed', 'its pod was killed']);
  assert.equal((await put('asked-a/b', { state: 'running' })).body.state, 'failed');
  const again = await put('asked-a/b', { state: 'failed', message: 'once more' });
  assert.equal(again.body.message, 'its pod was killed');
  assert.equal((await put('x', { state: 'succeeded' })).status, 400);
  assert.equal((await service('PUT', '/models/none/trainings/x', { state: 'running' })).status, 404);
  assert.equal((await admin('PUT', '/models/trained/trainings/x', { state: 'running' })).status, 403);
});

test('versions that nothing names are retired first and lose their artefacts at a later call', async () => {
  held = await commitPool(platform.stores, null);
  const states: VersionState[] = ['accepted', 'aborted', 'accepted', 'refused', 'refused', 'accepted'];
  for (const [index, state] of states.entries()) await addVersion('shop', index + 1, state);
  await putBlob('shop', 7);
  await addVersion('shop', 8, 'accepted');
  await platform.stores.plans.writePlan('default/shop', 0, {
    0: { version: 8, shadow: null, fallback: 1 },
  });
  await systemClock.sleep(2100);
  const prune = async () => (await service('POST', '/models/shop/versions/prune', { keep: 1 })).body;
  // Version 7 was never registered: its training died after it had put the artefacts.
  assert.deepEqual(await prune(), { retired: [2, 3, 4, 6], deleted: [7] });
  assert.equal((await blobsOf('shop')).length, 7);
  assert.deepEqual(await prune(), { retired: [], deleted: [2, 3, 4, 6] });
  assert.deepEqual(await prune(), { retired: [], deleted: [] });
  assert.deepEqual(
    await blobsOf('shop'),
    [1, 5, 8].map((version) => `models/default/shop/${version}/model.onnx`),
  );
  assert.deepEqual((await statesOf('shop')).slice(0, 2), ['1 accepted', '2 retired']);
  assert.equal((await admin('POST', '/models/shop/versions/prune', { keep: 1 })).status, 403);
  assert.equal((await service('POST', '/models/shop/versions/prune', { keep: 0 })).status, 400);
});

test('what is retired but named all the same keeps its artefacts', async () => {
  await platform.stores.versions.setState('default', 'shop', 1, 'retired');
  const pruned = (await service('POST', '/models/shop/versions/prune', { keep: 1 })).body;
  assert.deepEqual(pruned, { retired: [], deleted: [] });
});

test('a model is deleted with everything of it once nobody serves it, and twice is fine', async () => {
  const remove = () => service('DELETE', '/models/shop');
  const refused = await remove();
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [409, 'Not deleted: detectors of pool default/shop are at work.'],
  );
  await leave(held);
  await platform.stores.registry.beginTraining({ namespace: 'default', model: 'shop', triggerId: 't' });
  assert.equal((await remove()).status, 409);
  await service('PUT', '/models/shop/trainings/t', { state: 'failed', message: '' });
  assert.equal((await admin('DELETE', '/models/shop')).status, 403);
  assert.deepEqual((await remove()).body, { namespace: 'default', name: 'shop' });
  assert.deepEqual(await blobsOf('shop'), []);
  assert.deepEqual(await statesOf('shop'), []);
  assert.equal((await service('GET', '/pools')).body.items.length, 0);
  assert.equal((await remove()).status, 200);
});

test('a pool is forgotten, and its model stays', async () => {
  const held = await commitPool(platform.stores, null);
  const remove = () => service('DELETE', '/pools/shop');
  assert.equal((await remove()).status, 409);
  await leave(held);
  assert.deepEqual((await remove()).body, { namespace: 'default', name: 'shop' });
  assert.deepEqual((await platform.stores.plans.poolState('default/shop')).partitions, []);
  assert.ok((await platform.stores.registry.models()).some(({ name }) => name === 'shop'));
  assert.equal((await remove()).status, 200);
});
