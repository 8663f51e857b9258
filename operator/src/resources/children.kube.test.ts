import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeObject } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import type { ChildMeta } from './child.ts';
import { deployments, disruptionBudgets, horizontalAutoscalers, jobs, services } from './child-kinds.ts';
import { detectorDeployment } from './detector-deployment.ts';
import { type KubeAnswer, type KubeRequest, kubeRequests } from './kube-request.fixture.ts';
import { modelObject, poolObject, settings } from './objects.fixture.ts';
import { poolHorizontalAutoscaler } from './pool-autoscaler.ts';
import { poolDisruptionBudget, poolService } from './pool-children.ts';
import { trainingJob } from './training-job.ts';

const namespaces = resourceKind<KubeObject>({
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
const restricted = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

const pool = poolObject({ autoscaling: { driver: 'hpa' } });
const { autoscaling } = pool.spec;
const deployment = detectorDeployment({ ...pool, version: 4, replicas: 2, settings });
const trigger = { triggerId: 'asked-1', reason: 'it was asked for' };
const job = trainingJob({ ...modelObject(), trigger, settings });

describe('what models and pools are made of, at a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let ask: (request: KubeRequest) => Promise<KubeAnswer>;

  before(async () => {
    api = await startKubeApi();
    ask = kubeRequests(api.kubeconfig);
    const metadata = { name: 'team-a', labels: restricted };
    await api.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  });
  after(() => api?.close());

  test('every object is accepted as it is built, and nothing is warned of: no field is unknown, pods pass PodSecurity restricted', async () => {
    assert.ok(autoscaling);
    const children: [{ plural: string }, { apiVersion: string; kind: string; metadata: ChildMeta }][] = [
      [deployments, deployment],
      [services, poolService(pool)],
      [disruptionBudgets, poolDisruptionBudget(pool)],
      [horizontalAutoscalers, poolHorizontalAutoscaler({ ...pool, autoscaling, partitions: 8 })],
      [jobs, job],
    ];
    for (const [{ plural }, child] of children) {
      const root = child.apiVersion.includes('/') ? `/apis/${child.apiVersion}` : `/api/${child.apiVersion}`;
      const path = `${root}/namespaces/team-a/${plural}?fieldValidation=Strict`;
      const answer = await ask({ method: 'POST', path, body: child });
      assert.equal(answer.status, 201, `${child.kind}: ${answer.body.message}`);
      assert.deepEqual(answer.warnings, [], child.kind);
    }
  });

  test('pods of both are let in where PodSecurity restricted is enforced', async () => {
    for (const [name, template] of [
      ['detector', deployment.spec?.template],
      ['training', job.spec?.template],
    ] as const) {
      const body = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...template?.metadata, name },
        spec: template?.spec,
      };
      const answer = await ask({ method: 'POST', path: '/api/v1/namespaces/team-a/pods', body });
      assert.equal(answer.status, 201, answer.body.message);
    }
  });

  test('applying the same again changes nothing', async () => {
    const budget = poolDisruptionBudget(poolObject({}, 'again'));
    const again = detectorDeployment({ ...poolObject({}, 'again'), version: 4, replicas: 2, settings });
    const versions = async () => [
      (await api.client.serverSideApply(deployments, again)).metadata.resourceVersion,
      (await api.client.serverSideApply(disruptionBudgets, budget)).metadata.resourceVersion,
    ];
    assert.deepEqual(await versions(), await versions());
  });

  test('a second Job of a trigger is refused', async () => {
    const path = '/apis/batch/v1/namespaces/team-a/jobs';
    const again = trainingJob({ ...modelObject({ window: 8 }), trigger, settings });
    const answer = await ask({ method: 'POST', path, body: again });
    assert.deepEqual([answer.status, answer.body.reason], [409, 'AlreadyExists']);
  });
});
