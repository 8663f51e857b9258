import assert from 'node:assert/strict';
import type { AnomalyModelSpec } from '@verdict/contracts';
import type { z } from 'zod';
import type { KubeObject } from '../../kube/kube-object.ts';
import { resourceKind } from '../../kube/resource-kind.ts';
import type { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { jobs, pods } from '../../resources/child-kinds.ts';
import { conditionOf } from '../../resources/condition.ts';
import { type AnomalyModelObject, anomalyModels, apiVersion } from '../../resources/custom-objects.ts';
import { kubeRequests } from '../../resources/kube-request.fixture.ts';
import { annotation } from '../../resources/labels.ts';
import { poll } from '../../testing/poll.ts';
import type { KubeApi } from '../../testing/start-kube-api.ts';
import type { TrainingJobObject } from './model-facts.ts';

const namespaces = resourceKind<KubeObject>({
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});

/** What tests do with the model `shop` of a namespace of their own. */
export class KubeShop {
  readonly #api: KubeApi;
  readonly namespace: string;

  constructor(api: KubeApi, namespace: string) {
    this.#api = api;
    this.namespace = namespace;
  }

  async create(spec: Partial<z.input<typeof AnomalyModelSpec>> = {}): Promise<void> {
    const { namespace } = this;
    const { client } = this.#api;
    if ((await client.get(namespaces, { name: namespace })) === undefined)
      await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const training = { minimumReadings: 1000, ...spec.training };
    await client.create(anomalyModels, {
      apiVersion,
      kind: 'AnomalyModel',
      metadata: { name: 'shop', namespace },
      spec: { series: ['shop/**'], ...spec, training },
    });
  }

  find(): Promise<AnomalyModelObject | undefined> {
    return this.#api.client.get(anomalyModels, { namespace: this.namespace, name: 'shop' });
  }

  async now(): Promise<AnomalyModelObject> {
    const model = await this.find();
    if (model === undefined) throw new Error(`no model ${this.namespace}/shop`);
    return model;
  }

  /** Asks for a training by annotation, as `kubectl annotate` does. */
  async annotate(value: string): Promise<void> {
    const answer = await this.#patch(`/apis/${apiVersion}/namespaces/${this.namespace}/anomalymodels/shop`, {
      metadata: { annotations: { [annotation.retrain]: value } },
    });
    assert.equal(answer.status, 200, answer.body.message);
  }

  async patchSpec(spec: object): Promise<void> {
    const path = `/apis/${apiVersion}/namespaces/${this.namespace}/anomalymodels/shop`;
    const answer = await this.#patch(path, { spec });
    assert.equal(answer.status, 200, answer.body.message);
  }

  async delete(): Promise<void> {
    const { metadata } = await this.now();
    await this.#api.client.delete(
      anomalyModels,
      { namespace: this.namespace, name: 'shop' },
      { uid: metadata.uid ?? '' },
    );
  }

  async jobs(): Promise<TrainingJobObject[]> {
    return (await this.#api.client.list(jobs, { namespace: this.namespace })).items;
  }

  /** Waits for a condition, as `True/Serving`, and gives the model as it was then. */
  until(type: string, wanted: string, withinMs = 30_000): Promise<AnomalyModelObject> {
    let last = '';
    return poll(
      `${type} of ${this.namespace}/shop to be ${wanted}`,
      async () => {
        const model = await this.now();
        const condition = conditionOf(model.status?.conditions ?? [], type);
        const said = condition ? `${condition.status}/${condition.reason}` : 'nothing';
        if (said !== last && process.env.VERDICT_LOG_LEVEL) console.error(type, said, condition?.message);
        last = said;
        return said === wanted && model;
      },
      withinMs,
    );
  }

  /** Waits until the pod of the Job that runs is there. Needs the job controller. */
  runningPod() {
    return poll(`a pod of a training in ${this.namespace}`, async () => {
      const { items } = await this.#api.client.list(pods, { namespace: this.namespace });
      return items.find(({ status }) => status?.phase === 'Pending');
    });
  }

  /** Lets the pod of the Job that runs end: no node runs here. With what the training records before, if it can. */
  async endPod(exitCode: number, record?: () => void, reason?: string): Promise<void> {
    const pod = await this.runningPod();
    record?.();
    const terminated = { exitCode, reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error') };
    const train = {
      name: 'train',
      image: 'i',
      imageID: '',
      ready: false,
      restartCount: 0,
      state: { terminated },
    };
    const answer = await this.#patch(
      `/api/v1/namespaces/${this.namespace}/pods/${pod.metadata.name}/status`,
      {
        status: { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses: [train] },
      },
    );
    assert.equal(answer.status, 200, answer.body.message);
  }

  /** What a training does that makes a version: blobs and registry first, its record last, then it ends. */
  async succeed(platform: InMemoryPlatform, triggerId: string, version: number): Promise<void> {
    const model = { namespace: this.namespace, name: 'shop' };
    await this.endPod(0, () => {
      platform.addVersion(this.namespace, 'shop', version, 'accepted');
      platform.endTraining(model, triggerId, {
        state: 'succeeded',
        version,
        message: `version ${version} was accepted`,
      });
    });
  }

  #patch(path: string, body: object) {
    const contentType = 'application/merge-patch+json';
    return kubeRequests(this.#api.kubeconfig)({ method: 'PATCH', path, contentType, body });
  }
}
