import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { controllerOf } from '../../kube/kube-object.ts';
import { type OperatorLife, startOperator } from '../../operator-life.fixture.ts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import {
  deployments,
  disruptionBudgets,
  horizontalAutoscalers,
  services,
} from '../../resources/child-kinds.ts';
import { detectorPools } from '../../resources/custom-objects.ts';
import { kubeApiMissing } from '../../testing/kube-binaries.ts';
import { poll } from '../../testing/poll.ts';
import { spedUpClock } from '../../testing/sped-up-clock.ts';
import { StandInNodes } from '../../testing/stand-in-nodes.ts';
import type { KubeApi } from '../../testing/start-kube-api.ts';
import { createPool, createShop, poolNow, quickRollout, said, startPoolApi } from './pool-kube.fixture.ts';

describe('DetectorPools at a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let platform: InMemoryPlatform;
  let nodes: StandInNodes;
  let operator: OperatorLife;
  const clock = spedUpClock(5);

  before(async () => {
    api = await startPoolApi();
  });
  after(() => api?.close());
  beforeEach(() => {
    platform = new InMemoryPlatform();
    nodes = new StandInNodes(api.client, platform);
    operator = startOperator({ kubeconfig: api.kubeconfig, platform, clock, controllers: ['pools'] });
  });
  afterEach(async () => {
    await operator?.stop();
    await nodes?.stop();
  });

  const until = (namespace: string, type: string, wanted: string, name = 'shop') =>
    poll(`${type} of ${namespace}/${name} to be ${wanted}`, async () => {
      const pool = await poolNow(api, namespace, name);
      return said(pool, type) === wanted && pool;
    });
  const sizes = async (namespace: string) => {
    const { items } = await api.client.list(deployments, { namespace });
    const entries = items.map(({ metadata, spec }) => [metadata.name ?? '', spec?.replicas] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const served = (namespace: string) => {
    const { plan, partitions } = platform.pool(namespace, 'shop');
    return partitions.map(({ partition }) => plan.partitions[partition]?.version ?? 0);
  };
  const shop = async (namespace: string, more: Parameters<typeof createShop>[2] = {}) => {
    platform.addModel(namespace, 'shop');
    await createShop(api, namespace, more);
    await until(namespace, 'Ready', 'True/Serving');
  };
  const annotate = (namespace: string, annotations: Record<string, string>) =>
    api.client.serverSideApply(detectorPools, { metadata: { name: 'shop', namespace, annotations } });

  test('a pool gets its Deployment, Service and budget, which it owns, and is ready when every partition is served', async () => {
    await shop('made', { replicas: 2 });
    const pool = await poolNow(api, 'made');
    for (const kind of [deployments, services, disruptionBudgets]) {
      const { items } = await api.client.list(kind as typeof services, { namespace: 'made' });
      assert.equal(items.length, 1, kind.kind);
      const [child] = items;
      assert.ok(child);
      assert.equal(controllerOf(child)?.uid, pool.metadata.uid, kind.kind);
    }
    assert.deepEqual(await sizes('made'), { 'shop-v0': 2 });
    const { status } = await poll('both to be ready', async () => {
      const now = await poolNow(api, 'made');
      return now.status?.detectorsText === '2/2' && now;
    });
    assert.equal(status?.partitionsText, 'v0 4');
    assert.equal(status?.observedGeneration, pool.metadata.generation);
    assert.equal(status?.selector, 'app.kubernetes.io/name=verdict-detector,verdict.dev/pool=shop');
    assert.deepEqual(platform.pool('made', 'shop').spec.consumerGroup, 'shop');
  });

  test('a candidate takes over in steps, with detectors on top of the champion’s, which shrink when it is promoted', async () => {
    await shop('passes', { replicas: 2 });
    platform.addVersion('passes', 'shop', 1);
    const most: Record<string, number> = {};
    await poll('version 1 to serve everything', async () => {
      for (const [name, count] of Object.entries(await sizes('passes')))
        most[name] = Math.max(most[name] ?? 0, count ?? 0);
      assert.notEqual((await sizes('passes'))['shop-v0'], 1, 'the champion never shrinks in between');
      const pool = await poolNow(api, 'passes');
      return (
        said(pool, 'CanaryHealthy') === 'True/Promoted' && said(pool, 'Progressing') === 'False/Complete'
      );
    });
    assert.deepEqual(most, { 'shop-v0': 2, 'shop-v1': 2 });
    assert.deepEqual(served('passes'), [1, 1, 1, 1]);
    // As the fallback the old version keeps a Deployment, without detectors.
    assert.deepEqual(await sizes('passes'), { 'shop-v0': 0, 'shop-v1': 2 });
    const { status } = await poolNow(api, 'passes');
    assert.equal(status?.activeVersion, 1);
    assert.equal(status?.rollout?.text, 'v1 serves');
    for (const reason of ['RolloutStarted', 'StepStarted', 'Promoted'])
      assert.ok(operator.said.includes(reason), reason);
  });

  test('a candidate that alarms at everything is taken back and remembered, its detectors are gone', async () => {
    await shop('aborted', { replicas: 2 });
    nodes.alarming.add(1);
    platform.addVersion('aborted', 'shop', 1);
    await until('aborted', 'CanaryHealthy', 'False/TakenBack');
    await poll('its Deployment to go', async () => !('shop-v1' in (await sizes('aborted'))));
    assert.deepEqual(served('aborted'), [0, 0, 0, 0]);
    const pool = await until('aborted', 'Progressing', 'False/Complete');
    assert.deepEqual(pool.status?.rollout?.aborted, [1]);
    assert.match(pool.status?.rollout?.lastAbort?.reason ?? '', /in alarm/);
    assert.equal(platform.model('aborted', 'shop').versions[0]?.state, 'aborted');
  });

  test('a candidate is scored beside the champion first, by the champion’s detectors, and taken back there if it is bad', async () => {
    await shop('shadow', { rollout: { ...quickRollout, shadowSeconds: 5 } });
    nodes.alarming.add(1);
    platform.addVersion('shadow', 'shop', 1);
    await until('shadow', 'CanaryHealthy', 'False/TakenBack');
    platform.addVersion('shadow', 'shop', 2);
    await poll('the shadow', () =>
      platform.pool('shadow', 'shop').partitions.every(({ shadow }) => shadow === 2),
    );
    assert.deepEqual(await sizes('shadow'), { 'shop-v0': 1 });
    await until('shadow', 'CanaryHealthy', 'True/Promoted');
    await poll('nothing beside it', () =>
      platform.pool('shadow', 'shop').partitions.every(({ shadow }) => shadow === null),
    );
    assert.deepEqual(served('shadow'), [2, 2, 2, 2]);
  });

  test('detectors that find no node, or crash, hold the rollout up and are told of while the old version serves', async () => {
    await shop('stalls');
    nodes.health.set(1, 'unschedulable');
    platform.addVersion('stalls', 'shop', 1);
    let pool = await until('stalls', 'Progressing', 'False/Unschedulable');
    assert.equal(said(pool, 'Ready'), 'True/Serving');
    assert.equal(said(pool, 'Degraded'), 'True/Unschedulable');
    assert.deepEqual(served('stalls'), [0, 0, 0, 0]);
    nodes.health.set(1, 'crashing');
    pool = await until('stalls', 'Progressing', 'False/CrashLooping');
    assert.match(JSON.stringify(pool.status?.conditions), /ended with code 137 \(OOMKilled\)/);
    assert.deepEqual(served('stalls'), [0, 0, 0, 0]);
    nodes.health.delete(1);
    await until('stalls', 'CanaryHealthy', 'True/Promoted');
    await until('stalls', 'Degraded', 'False/AsExpected');
  });

  test('annotations command the rollout, each value once', async () => {
    const slow = {
      steps: [
        { share: 0.5, pauseSeconds: 3000 },
        { share: 1, pauseSeconds: 3000 },
      ],
    };
    await shop('commands', { rollout: slow });
    platform.addVersion('commands', 'shop', 1);
    await until('commands', 'Progressing', 'True/RollingOut');
    await poll('the first step', () => served('commands').includes(1));
    await annotate('commands', { 'verdict.dev/pause': 'now' });
    await until('commands', 'Progressing', 'False/Paused');
    await annotate('commands', { 'verdict.dev/promote': 'now' });
    await until('commands', 'CanaryHealthy', 'True/Promoted');
    await annotate('commands', { 'verdict.dev/rollback-to': '0' });
    await poll('version 0', async () => served('commands').every((version) => version === 0));
    const { length } = operator.said.filter((reason) => reason === 'RolledBack');
    await annotate('commands', { 'verdict.dev/rollback-to': 'nothing' });
    await poll('a refusal', () => operator.said.includes('CommandRefused'));
    assert.equal(length, 1);
    assert.equal(operator.said.filter((reason) => reason === 'RolledBack').length, 1);
    const { status } = await poolNow(api, 'commands');
    assert.equal(status?.handledCommands?.['verdict.dev/rollback-to'], 'nothing');
  });

  test('a platform that is away changes nothing, and is told of until it answers again', async () => {
    await shop('away', { replicas: 2 });
    platform.available = false;
    await until('away', 'Ready', 'Unknown/PlatformUnavailable');
    await api.client.serverSideApply(detectorPools, {
      metadata: { name: 'shop', namespace: 'away' },
      spec: { replicas: 4 },
    });
    const pool = await poll('the new generation', async () => {
      const now = await poolNow(api, 'away');
      return now.status?.observedGeneration === now.metadata.generation && now;
    });
    assert.equal(said(pool, 'Ready'), 'Unknown/PlatformUnavailable');
    assert.deepEqual(await sizes('away'), { 'shop-v0': 2 });
    platform.available = true;
    await until('away', 'Ready', 'True/Serving');
    await poll('the new size', async () => (await sizes('away'))['shop-v0'] === 4);
  });

  test('a second pool of a model is stalled until the first one is gone', async () => {
    await shop('taken');
    await createPool(api, 'taken', 'other');
    const other = await until('taken', 'Ready', 'False/ModelTaken', 'other');
    assert.equal(said(other, 'Stalled'), 'True/ModelTaken');
    const { metadata } = await poolNow(api, 'taken');
    await api.client.delete(detectorPools, { namespace: 'taken', name: 'shop' }, { uid: metadata.uid ?? '' });
    // No controller here collects what belonged to it.
    for (const child of (await api.client.list(deployments, { namespace: 'taken' })).items)
      await api.client.delete(
        deployments,
        { namespace: 'taken', name: child.metadata.name ?? '' },
        { uid: child.metadata.uid ?? '' },
      );
    await until('taken', 'Ready', 'True/Serving', 'other');
    assert.deepEqual(
      platform.allPools().map(({ name }) => name),
      ['other'],
    );
  });

  test('a pool without its model waits for it', async () => {
    await createShop(api, 'modelless');
    await until('modelless', 'Ready', 'False/ModelMissing');
    platform.addModel('modelless', 'shop');
    await until('modelless', 'Ready', 'True/Serving');
  });

  test('the scale subresource and an autoscaler say how many detectors there are', async () => {
    await shop('scaled', { autoscaling: { driver: 'hpa', maxReplicas: 3 } });
    const scaler = await poll(
      'the autoscaler',
      async () => (await api.client.list(horizontalAutoscalers, { namespace: 'scaled' })).items[0],
    );
    assert.deepEqual(scaler.spec?.scaleTargetRef, {
      apiVersion: 'verdict.dev/v1alpha1',
      kind: 'DetectorPool',
      name: 'shop',
    });
    // As /scale does it: the field belongs to somebody else, and is not taken back.
    await api.client.serverSideApply(detectorPools, {
      metadata: { name: 'shop', namespace: 'scaled' },
      spec: { replicas: 3 },
    });
    await poll('three detectors', async () => (await poolNow(api, 'scaled')).status?.replicas === 3);
    assert.equal((await poolNow(api, 'scaled')).spec.replicas, 3);
  });
});
