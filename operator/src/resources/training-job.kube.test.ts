import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { KubeObject } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import { ChildProgram } from '../testing/child-program.ts';
import { kubeApiMissing, kubeBinaries } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { jobs, pods } from './child-kinds.ts';
import { type KubeAnswer, type KubeRequest, kubeRequests } from './kube-request.fixture.ts';
import { modelObject, settings } from './objects.fixture.ts';
import { trainingJob } from './training-job.ts';

const program = path.join(kubeBinaries ?? '', 'kube-controller-manager');
const skip = kubeApiMissing || (!existsSync(program) && 'no kube-controller-manager beside kube-apiserver');
const namespaces = resourceKind<KubeObject>({
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
const namespace = 'team-a';
const counted = 'batch.kubernetes.io/job-index-failure-count';

/** What becomes of a pod is said by the test: no node runs here. */
interface End {
  readonly exitCode: number;
  readonly evicted?: boolean;
}

describe('a training under the real job controller', { skip, concurrency: true }, () => {
  let api: KubeApi;
  let controllers: ChildProgram;
  let ask: (request: KubeRequest) => Promise<KubeAnswer>;

  before(async () => {
    api = await startKubeApi();
    ask = kubeRequests(api.kubeconfig);
    controllers = new ChildProgram(
      program,
      [
        `--kubeconfig=${api.kubeconfig}`,
        '--controllers=job-controller',
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        '--secure-port=0',
      ],
      path.join(api.folder, 'controllers.log'),
    );
    controllers.start();
    const metadata = { name: namespace };
    await api.client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata });
  });
  after(async () => {
    await controllers?.stop(0);
    await api?.close();
  });

  /** Creates the Job of a trigger with so many retries. */
  async function train(triggerId: string, retries: number): Promise<string> {
    const trigger = { triggerId, reason: 'it was asked for' };
    const built = trainingJob({ ...modelObject({ training: { retries } }), trigger, settings });
    return (await api.client.create(jobs, built)).metadata.name ?? '';
  }

  /** Waits for a pod that has not ended and was started after so many failures; lets it end. */
  async function endAttempt(job: string, failures: number, end: End): Promise<void> {
    const pod = await poll(`attempt ${failures + 1} of ${job}`, async () => {
      controllers.assertRunning();
      const { items } = await api.client.list(pods, { namespace, labelSelector: `job-name=${job}` });
      return items.find(
        ({ metadata, status }) =>
          metadata.annotations?.[counted] === String(failures) && status?.phase === 'Pending',
      );
    });
    const { exitCode, evicted } = end;
    const terminated = { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
    const container = {
      name: 'train',
      image: 'i',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { terminated },
    };
    const body = {
      status: {
        phase: exitCode === 0 ? 'Succeeded' : 'Failed',
        containerStatuses: [container],
        ...(evicted ? { conditions: [{ type: 'DisruptionTarget', status: 'True' }] } : {}),
      },
    };
    const at = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/status`;
    const answer = await ask({
      method: 'PATCH',
      path: at,
      contentType: 'application/merge-patch+json',
      body,
    });
    assert.equal(answer.status, 200, answer.body.message);
  }

  const ended = (name: string) =>
    poll(`the end of ${name}`, async () => {
      const job = await api.client.get(jobs, { namespace, name });
      return job?.status?.conditions?.find(
        ({ type, status }) => status === 'True' && /^(Complete|Failed)$/.test(type),
      );
    });

  test('a training that has its result completes the Job', async () => {
    const name = await train('asked-1', 2);
    await endAttempt(name, 0, { exitCode: 0 });
    assert.equal((await ended(name)).type, 'Complete');
  });

  test('a refused candidate ends the Job at once', async () => {
    const name = await train('asked-2', 2);
    await endAttempt(name, 0, { exitCode: 3 });
    const { type, reason } = await ended(name);
    assert.deepEqual([type, reason], ['Failed', 'PodFailurePolicy']);
  });

  test('a pod that is evicted is no attempt: the next one is told of no failure', async () => {
    const name = await train('asked-3', 0);
    await endAttempt(name, 0, { exitCode: 143, evicted: true });
    await endAttempt(name, 0, { exitCode: 0 });
    assert.equal((await ended(name)).type, 'Complete');
  });

  test('where the last attempt died without a word, one more pod is told so and may end the Job', async () => {
    const name = await train('asked-4', 0);
    await endAttempt(name, 0, { exitCode: 137 });
    await endAttempt(name, 1, { exitCode: 4 });
    const { type, reason } = await ended(name);
    assert.deepEqual([type, reason], ['Failed', 'PodFailurePolicy']);
  });

  test('a pod that says nothing either is the last one', async () => {
    const name = await train('asked-5', 0);
    await endAttempt(name, 0, { exitCode: 137 });
    await endAttempt(name, 1, { exitCode: 137 });
    const { type, reason } = await ended(name);
    assert.deepEqual([type, reason], ['Failed', 'FailedIndexes']);
  });
});
