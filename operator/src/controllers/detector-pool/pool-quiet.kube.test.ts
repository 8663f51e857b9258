import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type OperatorLife, startOperator } from '../../operator-life.fixture.ts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { deployments } from '../../resources/child-kinds.ts';
import { detectorPools } from '../../resources/custom-objects.ts';
import { kubeRequests } from '../../resources/kube-request.fixture.ts';
import { scaledObjects } from '../../resources/pool-autoscaler.ts';
import { type FaultProxy, startFaultProxy } from '../../testing/fault-proxy.ts';
import { kubeApiMissing } from '../../testing/kube-binaries.ts';
import { poll } from '../../testing/poll.ts';
import { spedUpClock } from '../../testing/sped-up-clock.ts';
import { StandInNodes } from '../../testing/stand-in-nodes.ts';
import type { KubeApi } from '../../testing/start-kube-api.ts';
import { createShop, poolNow, said, startPoolApi } from './pool-kube.fixture.ts';

/** Ten minutes of the operator are ten seconds here. */
const times = 60;

describe('A DetectorPool that needs nothing', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let platform: InMemoryPlatform;
  let nodes: StandInNodes;
  let operator: OperatorLife;

  before(async () => {
    api = await startPoolApi();
    proxy = await startFaultProxy({ target: api.url });
  });
  after(async () => {
    await proxy?.close();
    await api?.close();
  });
  beforeEach(() => {
    platform = new InMemoryPlatform();
    nodes = new StandInNodes(api.client, platform);
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    operator = startOperator({ kubeconfig, platform, clock: spedUpClock(times), controllers: ['pools'] });
  });
  afterEach(async () => {
    await operator?.stop();
    await nodes?.stop();
  });

  const writes = () => [...proxy.requests.filter(({ write }) => write), ...platform.writes];
  const served = (namespace: string) =>
    poll(`${namespace} to be served and calm`, async () => {
      const pool = await poolNow(api, namespace);
      return said(pool, 'Ready') === 'True/Serving' && said(pool, 'Progressing') === 'False/Complete';
    });
  const sizeOf = async (namespace: string, name: string) =>
    (await api.client.get(deployments, { namespace, name }))?.spec?.replicas;

  test('is written to by nobody in ten idle minutes, nor by an operator that starts anew', async () => {
    platform.addModel('idle', 'shop');
    // Amounts that the API server writes in another form than we do.
    await createShop(api, 'idle', {
      resources: { requests: { cpu: '0.25', memory: '1024Mi' }, limits: { cpu: '1000m' } },
    });
    await served('idle');
    await delay(200);
    const before = writes().length;
    await delay(5000);
    assert.deepEqual(writes().slice(before), []);
    await operator.stop();
    operator = startOperator({
      kubeconfig: api.kubeconfigFor('again', { server: proxy.url }),
      platform,
      clock: spedUpClock(times),
      controllers: ['pools'],
    });
    const again = writes().length;
    await delay(5000);
    // What is only written in another form is applied once more: nobody remembers that it came out the same.
    assert.ok(writes().length - again <= 1, JSON.stringify(writes().slice(again)));
  });

  test('is written to at most once a minute by a lag that goes up and down', async () => {
    platform.addModel('busy', 'shop');
    await createShop(api, 'busy');
    await served('busy');
    const before = writes().length;
    const { partitions } = platform.pool('busy', 'shop');
    const untilMs = performance.now() + 5000;
    for (let turn = 0; performance.now() < untilMs; turn += 1) {
      for (const partition of partitions) partition.lagEvents = [3, 400, 9000][turn % 3] ?? 0;
      await delay(40);
    }
    const count = writes().length - before;
    assert.ok(count >= 1 && count <= 7, `${count} writes in five minutes`);
  });

  test('is scaled by its scale subresource, up and down', async () => {
    platform.addModel('scaled', 'shop');
    await createShop(api, 'scaled', { replicas: 2 });
    await served('scaled');
    const ask = kubeRequests(api.kubeconfig);
    const path = '/apis/verdict.dev/v1alpha1/namespaces/scaled/detectorpools/shop/scale';
    for (const replicas of [3, 1, 0]) {
      const answer = await ask({
        method: 'PATCH',
        path,
        body: { spec: { replicas } },
        contentType: 'application/merge-patch+json',
      });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      await poll(
        `${replicas} detectors`,
        async () => (await ask({ path })).body.status.replicas === replicas,
      );
      assert.equal((await poolNow(api, 'scaled')).spec.replicas, replicas);
    }
    const { status } = (await ask({ path })).body;
    assert.equal(status.selector, 'app.kubernetes.io/name=verdict-detector,verdict.dev/pool=shop');
    await poll(
      'it to say so',
      async () => said(await poolNow(api, 'scaled'), 'Ready') === 'True/ScaledToZero',
    );
  });

  test('says that KEDA is missing where it is, and is scaled by it once it is there', async () => {
    platform.addModel('keda', 'shop');
    await createShop(api, 'keda', { autoscaling: { driver: 'keda' } });
    await poll(
      'it to say so',
      async () => said(await poolNow(api, 'keda'), 'Degraded') === 'True/KedaMissing',
    );
    await poll('it to be served', async () => said(await poolNow(api, 'keda'), 'Ready') === 'True/Serving');
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const answer = await kubeRequests(api.kubeconfig)({
      method: 'POST',
      path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      body: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'scaledobjects.keda.sh' },
        spec: {
          group: 'keda.sh',
          scope: 'Namespaced',
          names: { kind: 'ScaledObject', plural: 'scaledobjects', singular: 'scaledobject' },
          versions: [{ name: 'v1alpha1', served: true, storage: true, schema }],
        },
      },
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    const { spec } = await poll('the ScaledObject', async () => {
      const { items } = await api.client.list(scaledObjects, { namespace: 'keda' });
      return items[0];
    });
    assert.equal(spec.scaleTargetRef.kind, 'DetectorPool');
    await poll(
      'it to be well',
      async () => said(await poolNow(api, 'keda'), 'Degraded') === 'False/AsExpected',
    );
    await api.client.replace(detectorPools, {
      ...(await poolNow(api, 'keda')),
      spec: { model: 'shop', consumerGroup: 'shop' },
    });
    await poll(
      'the ScaledObject to go',
      async () => (await api.client.list(scaledObjects, { namespace: 'keda' })).items.length === 0,
    );
  });

  test('calls the fallback when no detector of its version lives, and lets it go when one does', async () => {
    platform.addModel('falls', 'shop');
    platform.addVersion('falls', 'shop', 1);
    await createShop(api, 'falls', {
      rollout: {
        steps: [{ share: 1, pauseSeconds: 0 }],
        analysis: { intervalSeconds: 1, minimumReadings: 1 },
      },
    });
    await poll('version 1 to serve', async () => (await sizeOf('falls', 'shop-v0')) === 0);
    nodes.health.set(1, 'crashing');
    await poll(
      'the fallback to serve',
      async () => said(await poolNow(api, 'falls'), 'Degraded') === 'True/CrashLooping',
    );
    await poll('its detectors', async () => (await sizeOf('falls', 'shop-v0')) === 1);
    await poll('version 0 to serve', () =>
      platform.pool('falls', 'shop').partitions.every(({ version }) => version === 0),
    );
    await poll('it to say that it serves', async () =>
      said(await poolNow(api, 'falls'), 'Ready').startsWith('True'),
    );
    nodes.health.delete(1);
    await poll('the fallback to go', async () => (await sizeOf('falls', 'shop-v0')) === 0);
    await poll('version 1 to serve again', () =>
      platform.pool('falls', 'shop').partitions.every(({ version }) => version === 1),
    );
  });
});
