import type { DetectorPoolSpec } from '@verdict/contracts';
import type { z } from 'zod';
import type { KubeObject } from '../../kube/kube-object.ts';
import { resourceKind } from '../../kube/resource-kind.ts';
import { conditionOf } from '../../resources/condition.ts';
import {
  anomalyModels,
  apiVersion,
  type DetectorPoolObject,
  detectorPools,
} from '../../resources/custom-objects.ts';
import { crds } from '../../resources/manifest-files.fixture.ts';
import { poll } from '../../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../../testing/start-kube-api.ts';

const namespaces = resourceKind<KubeObject>({
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
const definitions = resourceKind<KubeObject>({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
});

/** Two steps that go by in seconds. */
export const quickRollout = {
  steps: [
    { share: 0.5, pauseSeconds: 5 },
    { share: 1, pauseSeconds: 5 },
  ],
  analysis: { intervalSeconds: 3, minimumReadings: 20 },
};

/** A real API server that knows our kinds. */
export async function startPoolApi(): Promise<KubeApi> {
  const api = await startKubeApi();
  for (const crd of Object.values(crds()))
    await api.client.create(definitions, {
      apiVersion: definitions.apiVersion,
      kind: definitions.kind,
      ...crd,
    });
  for (const kind of [anomalyModels, detectorPools])
    await poll(
      `${kind.plural} to be served`,
      async () => (await api.client.list<KubeObject>(kind)).items.length === 0,
    );
  return api;
}

/** Makes a namespace with a model `shop` and a pool `shop` that serves it. */
export async function createShop(
  { client }: Pick<KubeApi, 'client'>,
  namespace: string,
  more: Partial<z.input<typeof DetectorPoolSpec>> = {},
): Promise<void> {
  await client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const metadata = { name: 'shop', namespace };
  await client.create(anomalyModels, {
    apiVersion,
    kind: 'AnomalyModel',
    metadata,
    spec: { series: ['shop/**'] },
  });
  await createPool({ client }, namespace, 'shop', more);
}

/** Makes a pool that serves the model `shop`. */
export async function createPool(
  { client }: Pick<KubeApi, 'client'>,
  namespace: string,
  name: string,
  more: Partial<z.input<typeof DetectorPoolSpec>> = {},
): Promise<void> {
  const spec = { model: 'shop', consumerGroup: name, rollout: quickRollout, ...more };
  await client.create(detectorPools, {
    apiVersion,
    kind: 'DetectorPool',
    metadata: { name, namespace },
    spec,
  });
}

/** The pool as it is now. */
export async function poolNow(
  { client }: Pick<KubeApi, 'client'>,
  namespace: string,
  name = 'shop',
): Promise<DetectorPoolObject> {
  const pool = await client.get(detectorPools, { namespace, name });
  if (pool === undefined) throw new Error(`no pool ${namespace}/${name}`);
  return pool;
}

/** `status/reason` of a condition, such as `True/Serving`; empty while it is not there. */
export function said({ status }: DetectorPoolObject, type: string): string {
  const condition = conditionOf(status?.conditions ?? [], type);
  return condition === undefined ? '' : `${condition.status}/${condition.reason}`;
}
