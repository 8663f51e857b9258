import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { OwnWrites } from '../../children/own-writes.ts';
import { ObjectStore } from '../../control-loop/object-store.ts';
import { uidOf } from '../../kube/kube-object.ts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { jobs } from '../../resources/child-kinds.ts';
import { trainingJobName } from '../../resources/child-names.ts';
import { type AnomalyModelObject, modelSpecOf } from '../../resources/custom-objects.ts';
import { settings } from '../../resources/objects.fixture.ts';
import { trainingJob } from '../../resources/training-job.ts';
import { applyCrds } from '../../testing/apply-crds.ts';
import { kubeApiMissing } from '../../testing/kube-binaries.ts';
import { type KubeApi, startKubeApi } from '../../testing/start-kube-api.ts';
import { factsOf } from './model-facts.fixture.ts';
import type { ModelFacts, TrainingJobObject } from './model-facts.ts';
import { KubeShop } from './model-kube.fixture.ts';
import { ModelMemory } from './model-memory.ts';
import type { TrainingPod } from './pod-end.ts';
import { TrainingKeeper } from './training-keeper.ts';

describe('The Job of a trigger, created by operators whose caches know nothing', {
  skip: kubeApiMissing,
}, () => {
  let api: KubeApi;
  const { signal } = new AbortController();

  before(async () => {
    api = await startKubeApi();
    await applyCrds(api.client);
  });
  after(() => api?.close());

  /** An operator that has just begun and whose watch of Jobs has not told it of any. */
  function blindKeeper(): TrainingKeeper {
    return new TrainingKeeper({
      client: api.client,
      platform: new InMemoryPlatform({ nowMs: () => 0 }),
      jobs: new ObjectStore<TrainingJobObject>(),
      trainingPods: new ObjectStore<TrainingPod>(),
      settings,
      writes: new OwnWrites(() => systemClock.monotonicMs()),
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
  }
  async function factsIn(namespace: string): Promise<{ shop: KubeShop; facts: ModelFacts }> {
    const shop = new KubeShop(api, namespace);
    await shop.create();
    return { shop, facts: await factsFor(await shop.now()) };
  }
  async function factsFor(owner: AnomalyModelObject): Promise<ModelFacts> {
    const read = modelSpecOf(owner);
    assert.ok(read.ok);
    return { ...(await factsOf()), owner, spec: read.spec };
  }
  const step = { kind: 'create-job', triggerId: 'asked-now' } as const;
  const look = { memory: new ModelMemory(systemClock), signal };

  test('is one, however many of them create it: who comes later takes it as its own', async () => {
    const { shop, facts } = await factsIn('one');
    const keepers = [blindKeeper(), blindKeeper(), blindKeeper()];
    await Promise.all(keepers.map((keeper) => keeper.take(step, facts, look)));
    await blindKeeper().take(step, facts, look);
    assert.equal((await shop.jobs()).length, 1);
    for (const keeper of keepers) assert.equal(keeper.jobsOf(facts.owner).length, 1);
  });

  test('is not taken from another model of that name, nor from somebody else', async () => {
    const { shop, facts } = await factsIn('other');
    await blindKeeper().take(step, facts, look);
    await shop.delete();
    await shop.create();
    // Nobody collects here: the Job of the model before is still there.
    const again = await factsFor(await shop.now());
    assert.notEqual(uidOf(again.owner), uidOf(facts.owner));
    await assert.rejects(blindKeeper().take(step, again, look), /belongs to somebody else/);
    assert.equal((await shop.jobs()).length, 1);
  });

  test('that Kubernetes refuses for what it says is told, not tried again and again', async () => {
    const { shop, facts } = await factsIn('invalid');
    const { training } = facts.spec;
    const resources = { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } };
    const spec = { ...facts.spec, training: { ...training, resources } };
    const trouble = await blindKeeper().take(step, { ...facts, spec }, look);
    assert.equal(trouble?.reason, 'JobInvalid');
    assert.match(trouble?.message ?? '', /must be less than or equal to memory limit/);
    assert.deepEqual(await shop.jobs(), []);
  });

  test('has a name that nobody needs to remember', async () => {
    const { shop, facts } = await factsIn('name');
    await blindKeeper().take(step, facts, look);
    const name = trainingJobName('shop', 'asked-now');
    const there = await api.client.get(jobs, { namespace: 'name', name });
    const { owner, spec } = facts;
    const wanted = trainingJob({ owner, spec, trigger: { triggerId: 'asked-now', reason: 'x' }, settings });
    assert.deepEqual([there?.metadata.name, (await shop.jobs()).length], [wanted.metadata.name, 1]);
  });
});
