import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeObject } from '../kube/kube-object.ts';
import type { ResourceKind } from '../kube/resource-kind.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { AnomalyModelStatus } from './anomaly-model-status.ts';
import { anomalyModels, detectorPools } from './custom-objects.ts';
import { DetectorPoolStatus } from './detector-pool-status.ts';
import { type KubeAnswer, type KubeRequest, kubeRequests } from './kube-request.fixture.ts';
import { crds } from './manifest-files.fixture.ts';
import { longestModelStatus, longestPoolStatus, modelStatus, poolStatus } from './status-samples.fixture.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const namespace = 'default';
const metadata = { name: 'shop', namespace };
const model = { ...anomalyModels, metadata, spec: { series: ['shop/**'] } };
const pool = { ...detectorPools, metadata, spec: { model: 'shop', consumerGroup: 'shop' } };

test('the statuses of these tests are such as the operator writes', () => {
  for (const status of [modelStatus, longestModelStatus]) AnomalyModelStatus.parse(status);
  for (const status of [poolStatus, longestPoolStatus]) DetectorPoolStatus.parse(status);
});

describe('the status of models and pools, at a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let ask: (request: KubeRequest) => Promise<KubeAnswer>;

  before(async () => {
    api = await startKubeApi();
    ask = kubeRequests(api.kubeconfig);
    for (const body of Object.values(crds())) await ask({ method: 'POST', path: definitions, body });
    for (const { plural } of [anomalyModels, detectorPools])
      await poll(plural, async () => (await ask({ path: pathOf(plural) })).status === 200);
    await api.client.create(anomalyModels, { ...model });
    await api.client.create(detectorPools, { ...pool });
  });
  after(() => api?.close());

  const write = <T extends KubeObject & { status?: unknown }>(kind: ResourceKind<T>, status: T['status']) =>
    // What is applied is whole: DeepPartial cannot see that of a type parameter.
    api.client.patchStatus<T>(kind, { metadata, status } as never);

  /** What `kubectl get` prints of the one object: the columns in order. */
  async function row(plural: string): Promise<Record<string, unknown>> {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { body } = await ask({ path: pathOf(plural), accept });
    const columns: { name: string; priority: number }[] = body.columnDefinitions;
    const cells: unknown[] = body.rows[0].cells;
    return Object.fromEntries(
      columns.flatMap(({ name, priority }, index) => (priority === 0 ? [[name, cells[index]]] : [])),
    );
  }

  test('kubectl get tells how a model is doing in one line', async () => {
    await write(anomalyModels, modelStatus);
    const { Age, Trained, ...told } = await row('anomalymodels');
    assert.deepEqual(told, {
      Name: 'shop',
      Ready: 'True',
      Version: 3,
      Candidate: '4 · step 2 of 3',
      Confidence: 'bad',
      Precision: '34 % (22-47 %)',
      Verdicts: 41,
      Training: 'succeeded',
      Reason: 'Serving',
    });
    assert.match(`${Age} ${Trained}`, /^\d+s <invalid>$|^\d+s \d+[smhdy]/);
  });

  test('kubectl get tells how a pool is doing in one line', async () => {
    await write(detectorPools, poolStatus);
    const { Age, ...told } = await row('detectorpools');
    assert.deepEqual(told, {
      Name: 'shop',
      Model: 'shop',
      Ready: 'True',
      Rollout: 'v4 step 2 of 3 (2/8)',
      Partitions: 'v3 6, v4 2',
      Detectors: '3/3',
      Lag: 40,
      Canary: 'True',
      Reason: 'Serving',
    });
    assert.match(String(Age), /^\d+s$/);
  });

  test('a line fits on a screen', async () => {
    for (const plural of ['anomalymodels', 'detectorpools']) {
      // As kubectl sets them: every column as wide as its head or its cell, three blanks in between.
      const widths = Object.entries(await row(plural)).map(([name, cell]) =>
        Math.max(name.length, String(cell).length),
      );
      const width = widths.reduce((sum, one) => sum + one, 3 * (widths.length - 1));
      assert.ok(width <= 132, `${plural}: ${width} columns`);
    }
  });

  test('a status as long as it may be is kept as it was written', async () => {
    assert.deepEqual((await write(anomalyModels, longestModelStatus)).status, longestModelStatus);
    assert.deepEqual((await write(detectorPools, longestPoolStatus)).status, longestPoolStatus);
  });

  test('a status that is too long is refused: it must be cut before', async () => {
    const [first] = modelStatus.versions ?? [];
    assert.ok(first);
    const versions = Array.from({ length: 21 }, (_, version) => ({ ...first, version }));
    await assert.rejects(write(anomalyModels, { ...modelStatus, versions }), /status\.versions.*20/);
    await assert.rejects(
      write(detectorPools, { ...poolStatus, partitionsText: 'p'.repeat(201) }),
      /status\.partitionsText.*200/,
    );
  });

  test('writing a status is no new generation, writing a spec is one', async () => {
    await write(anomalyModels, modelStatus);
    const before = await api.client.get(anomalyModels, metadata);
    await write(anomalyModels, { ...modelStatus, activeVersion: 4 });
    const after = await api.client.get(anomalyModels, metadata);
    assert.deepEqual(
      [after?.metadata.generation, after?.status?.activeVersion],
      [before?.metadata.generation, 4],
    );
    const changed = await api.client.serverSideApply(anomalyModels, { metadata, spec: { paused: true } });
    assert.equal(changed.metadata.generation, (before?.metadata.generation ?? 0) + 1);
  });

  test('writing the status that is there already changes nothing', async () => {
    const once = await write(detectorPools, poolStatus);
    const twice = await write(detectorPools, poolStatus);
    assert.equal(twice.metadata.resourceVersion, once.metadata.resourceVersion);
  });
});

function pathOf(plural: string): string {
  return `/apis/verdict.dev/v1alpha1/namespaces/${namespace}/${plural}`;
}
