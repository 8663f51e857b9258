import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { uidOf } from '../../kube/kube-object.ts';
import { type OperatorLife, startOperator } from '../../operator-life.fixture.ts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { apiVersion, detectorPools } from '../../resources/custom-objects.ts';
import { applyCrds } from '../../testing/apply-crds.ts';
import type { ChildProgram } from '../../testing/child-program.ts';
import { poll } from '../../testing/poll.ts';
import { spedUpClock } from '../../testing/sped-up-clock.ts';
import { controllersMissing, startControllers } from '../../testing/start-controllers.ts';
import { type KubeApi, startKubeApi } from '../../testing/start-kube-api.ts';
import { artefactsFinalizer } from './finalizer.ts';
import { KubeShop } from './model-kube.fixture.ts';

describe('AnomalyModels that are deleted, at a real API server', { skip: controllersMissing }, () => {
  let api: KubeApi;
  let controllers: ChildProgram;
  let platform: InMemoryPlatform;
  let operator: OperatorLife;

  before(async () => {
    api = await startKubeApi();
    await applyCrds(api.client);
    controllers = startControllers(api, ['job-controller', 'garbage-collector-controller']);
  });
  after(async () => {
    await controllers?.stop(0);
    await api?.close();
  });
  beforeEach(() => {
    platform = new InMemoryPlatform();
  });
  afterEach(() => operator?.stop());

  const start = (namespace: string, times = 5): void => {
    const { kubeconfig } = api;
    operator = startOperator({
      kubeconfig,
      platform,
      controllers: ['models'],
      clock: spedUpClock(times),
      namespaces: [namespace],
    });
  };
  const serve = async (namespace: string, spec: Parameters<KubeShop['create']>[0]): Promise<KubeShop> => {
    const shop = new KubeShop(api, namespace);
    platform.addServedPool(namespace, 'shop');
    await shop.create(spec);
    start(namespace);
    await shop.until('Ready', 'True/Serving');
    return shop;
  };
  const addPool = (namespace: string) =>
    api.client.create(detectorPools, {
      apiVersion,
      kind: 'DetectorPool',
      metadata: { name: 'shop', namespace },
      spec: { model: 'shop', consumerGroup: 'shop' },
    });
  const gone = (shop: KubeShop) =>
    poll('the model to be gone', async () => (await shop.find()) === undefined);

  test('a model that is retained goes at once and leaves everything at the platform', async () => {
    const shop = await serve('retain', {});
    assert.equal((await shop.now()).metadata.finalizers, undefined);
    await shop.annotate('now');
    await shop.runningPod();
    await shop.delete();
    await gone(shop);
    assert.equal(platform.knows('retain', 'shop'), true);
    await poll('its Job to be collected', async () => (await shop.jobs()).length === 0);
    // One of that name goes on from there: the training that was being answered still is.
    await shop.create({});
    await shop.until('Training', 'True/JobRuns');
    assert.deepEqual(
      platform.writes.filter((write) => write.startsWith('beginTraining')),
      ['beginTraining retain/shop asked-now'],
    );
  });

  test('with deletionPolicy Delete pool and Job go first, then the artefacts, then the object', async () => {
    const shop = await serve('delete', { deletionPolicy: 'Delete' });
    assert.deepEqual((await shop.now()).metadata.finalizers, [artefactsFinalizer]);
    const pool = await addPool('delete');
    await shop.annotate('now');
    await shop.runningPod();
    await shop.delete();
    await shop.until('Ready', 'False/Deleting');
    assert.equal((await shop.jobs()).length, 1);
    await api.client.delete(detectorPools, { namespace: 'delete', name: 'shop' }, { uid: uidOf(pool) });
    await poll('its Job to be ended', async () => (await shop.jobs()).length === 0);
    // Its detectors still hold their partitions: the platform refuses.
    await poll('the refusal', async () =>
      /detectors/.test(JSON.stringify((await shop.now()).status?.conditions)),
    );
    platform.removePool('delete', 'shop');
    await gone(shop);
    assert.equal(platform.knows('delete', 'shop'), false);
    assert.deepEqual(operator.said.slice(-1), ['ArtefactsDeleted']);
  });

  test('the finalizer is set before the platform is told, and follows the policy', async () => {
    const shop = new KubeShop(api, 'policy');
    const finalizers: (readonly string[] | undefined)[] = [];
    platform.around = async (write, when) => {
      if (write === 'putModel' && when === 'before') finalizers.push((await shop.now()).metadata.finalizers);
    };
    await shop.create({ deletionPolicy: 'Delete' });
    start('policy');
    await shop.until('Ready', 'False/NoPool');
    assert.deepEqual(finalizers, [[artefactsFinalizer]]);
    await shop.patchSpec({ deletionPolicy: 'Retain' });
    await poll('no finalizer', async () => (await shop.now()).metadata.finalizers === undefined);
    await shop.delete();
    await gone(shop);
    assert.equal(platform.knows('policy', 'shop'), true);
  });

  test('what stands in the way for ten minutes is told, and the object goes all the same', async () => {
    const shop = await serve('overdue', { deletionPolicy: 'Delete' });
    platform.available = false;
    await shop.delete();
    await shop.until('Ready', 'False/Deleting');
    await operator.stop();
    // Ten minutes are over in a second or two.
    start('overdue', 500);
    await gone(shop);
    await poll('the word', () => operator.said.includes('ArtefactsLeft'));
  });
});
