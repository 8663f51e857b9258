import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { anomalyModels, detectorPools } from './custom-objects.ts';
import { type KubeAnswer, type KubeRequest, kubeRequests } from './kube-request.fixture.ts';
import { crds, invalidManifests, type Manifest, sampleManifests } from './manifest-files.fixture.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = '/apis/verdict.dev/v1alpha1/namespaces/default';
const plurals = { AnomalyModel: anomalyModels.plural, DetectorPool: detectorPools.plural };
const applied = 'application/apply-patch+yaml';

describe('the custom resource definitions, at a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let ask: (request: KubeRequest) => Promise<KubeAnswer>;
  const warnings: string[] = [];

  before(async () => {
    api = await startKubeApi();
    ask = kubeRequests(api.kubeconfig);
    for (const crd of Object.values(crds())) {
      const answer = await ask({ method: 'POST', path: definitions, body: crd });
      assert.equal(answer.status, 201, answer.body.message);
      warnings.push(...answer.warnings);
    }
    for (const plural of Object.values(plurals))
      await poll(plural, async () => (await ask({ path: `${group}/${plural}` })).status === 200);
  });
  after(() => api?.close());

  const apply = (manifest: Manifest, more = '') =>
    ask({
      method: 'PATCH',
      path: `${pathOf(manifest)}?fieldManager=test&fieldValidation=Strict${more}`,
      contentType: applied,
      body: manifest,
    });

  test('both are structural, and the server warns of nothing', async () => {
    assert.deepEqual(warnings, []);
    for (const { metadata } of Object.values(crds())) {
      const { body } = await ask({ path: `${definitions}/${metadata.name}` });
      const conditions: { type: string; status: string; message: string }[] = body.status.conditions;
      const untrue = conditions.filter(({ status }) => status !== 'True');
      assert.deepEqual(untrue, []);
    }
  });

  test('every sample is accepted', async () => {
    for (const { file, manifest } of sampleManifests()) {
      const answer = await apply(manifest, '&dryRun=All');
      assert.equal(answer.status, 201, `${file}: ${answer.body.message}`);
      assert.deepEqual(answer.warnings, [], file);
    }
  });

  test('every invalid manifest is refused in the words that it promises', async () => {
    const other: string[] = [];
    for (const { file, manifest, words } of invalidManifests()) {
      const path = `${group}/${plurals[manifest.kind]}?dryRun=All&fieldValidation=Strict`;
      const answer = await ask({ method: 'POST', path, body: manifest });
      assert.ok(answer.status === 422 || answer.status === 400, `${file}: ${answer.status}`);
      const { message } = answer.body;
      for (const word of words)
        if (!message.includes(word)) other.push(`${file}: no "${word}" in ${message}`);
    }
    assert.deepEqual(other, []);
  });

  test('the server fills in what TypeScript fills in', async () => {
    const smallest: Manifest[] = [
      manifestOf('AnomalyModel', 'smallest', { series: ['**'] }),
      manifestOf('AnomalyModel', 'empty-parts', {
        series: ['**'],
        training: {},
        feedback: {},
        acceptance: {},
      }),
      manifestOf('DetectorPool', 'smallest', { model: 'm', consumerGroup: 'g' }),
      manifestOf('DetectorPool', 'empty-parts', {
        model: 'm',
        consumerGroup: 'g',
        rollout: { analysis: {} },
        autoscaling: { driver: 'hpa' },
        spread: {},
        disruption: {},
      }),
      ...sampleManifests().map(({ manifest }) => manifest),
    ];
    for (const manifest of smallest) {
      const { body } = await apply(manifest, '&dryRun=All');
      const { spec } = parsed(manifest.kind, manifest.spec);
      assert.deepEqual(parsed(manifest.kind, body.spec).spec, spec, manifest.metadata.name);
      // Nothing was left for TypeScript to fill in: what the server says is whole already.
      const whole = { ...spec, ...(manifest.kind === 'AnomalyModel' ? { signals: body.spec.signals } : {}) };
      assert.deepEqual(body.spec, JSON.parse(JSON.stringify(whole)), manifest.metadata.name);
    }
  });

  test('a pool keeps its model and its consumer group, and everything else can be changed', async () => {
    const pool = manifestOf('DetectorPool', 'keeps', { model: 'a', consumerGroup: 'g' });
    assert.equal((await apply(pool)).status, 201);
    for (const [change, words] of [
      [{ model: 'b' }, 'spec.model: Invalid value: "string": model is fixed'],
      [{ consumerGroup: 'h' }, 'spec.consumerGroup: Invalid value: "string": consumerGroup is fixed'],
    ] as const) {
      const answer = await apply({ ...pool, spec: { ...pool.spec, ...change } });
      assert.equal(answer.status, 422);
      assert.ok(answer.body.message.includes(words), answer.body.message);
    }
    const changed = { ...pool, spec: { ...pool.spec, drainSeconds: 60, autoscaling: { driver: 'hpa' } } };
    assert.equal((await apply(changed)).status, 200);
  });

  test('the scale subresource reads and writes the replicas of a pool', async () => {
    const pool = manifestOf('DetectorPool', 'scaled', { model: 'a', consumerGroup: 'g' });
    await apply(pool);
    const scale = `${pathOf(pool)}/scale`;
    const merge = 'application/merge-patch+json';
    const status = { replicas: 3, selector: 'verdict.dev/pool=scaled' };
    await ask({ method: 'PATCH', path: `${pathOf(pool)}/status`, contentType: merge, body: { status } });
    const patched = await ask({
      method: 'PATCH',
      path: scale,
      contentType: merge,
      body: { spec: { replicas: 5 } },
    });
    assert.equal(patched.status, 200, patched.body.message);
    const { body } = await ask({ path: scale });
    assert.deepEqual([body.spec, body.status], [{ replicas: 5 }, status]);
    assert.equal((await ask({ path: pathOf(pool) })).body.spec.replicas, 5);
    // Whoever applies the manifest again takes nothing back: the field is not in it.
    await apply(pool);
    assert.equal((await ask({ path: pathOf(pool) })).body.spec.replicas, 5);
    const many = { spec: { replicas: 65 } };
    assert.equal((await ask({ method: 'PATCH', path: scale, contentType: merge, body: many })).status, 422);
  });

  test('both kinds are listed by short name and in the category verdict', async () => {
    const { body } = await ask({ path: '/apis/verdict.dev/v1alpha1' });
    const listed = (body.resources as { name: string; shortNames?: string[]; categories?: string[] }[])
      .filter(({ name }) => !name.includes('/'))
      .map(({ name, shortNames, categories }) => [name, shortNames, categories]);
    assert.deepEqual(listed.sort(), [
      ['anomalymodels', ['am'], ['verdict']],
      ['detectorpools', ['dp'], ['verdict']],
    ]);
  });
});

function pathOf({ kind, metadata }: Manifest): string {
  return `${group}/${plurals[kind]}/${metadata.name}`;
}

function manifestOf(kind: Manifest['kind'], name: string, spec: Record<string, unknown>): Manifest {
  return { apiVersion: anomalyModels.apiVersion, kind, metadata: { name }, spec };
}

function parsed(kind: Manifest['kind'], spec: unknown) {
  return { spec: kind === 'AnomalyModel' ? AnomalyModelSpec.parse(spec) : DetectorPoolSpec.parse(spec) };
}
