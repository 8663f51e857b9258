import { createHash } from 'node:crypto';
import {
  anomalyModels,
  detectorPools,
  type KubeApi,
  type KubeObject,
  resourceKind,
} from '@verdict/operator/testing';
import type { BenchOptions } from './options.ts';

/** A pool, and the model of the same name. */
export interface PoolPlace {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
}

const namespaceKind = resourceKind<KubeObject>({
  apiVersion: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  namespaced: false,
});
const atOnce = 8;

/** Where all pools lie, and how many detectors each has: as even as it goes. */
export function fleetOf({ pools, pods, namespaces }: BenchOptions): PoolPlace[] {
  return Array.from({ length: pools }, (_, index) => ({
    namespace: `team-${index % namespaces}`,
    // Names of real pools are not in the order in which they are made.
    name: `shop-${createHash('sha256').update(String(index)).digest('hex').slice(0, 8)}`,
    replicas: Math.floor((index + 1) * (pods / pools)) - Math.floor(index * (pods / pools)),
  }));
}

/** Makes namespaces, models and pools. */
export async function createFleet({ client }: KubeApi, fleet: readonly PoolPlace[]): Promise<void> {
  const { apiVersion } = detectorPools;
  for (const name of new Set(fleet.map(({ namespace }) => namespace)))
    await client.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const waiting = [...fleet];
  const work = async (): Promise<void> => {
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) {
      const { namespace, name, replicas } = place;
      const metadata = { namespace, name };
      await client.create(anomalyModels, {
        apiVersion,
        kind: anomalyModels.kind,
        metadata: { ...metadata },
        spec: { series: [`${name}/**`] },
      });
      await client.create(detectorPools, {
        apiVersion,
        kind: detectorPools.kind,
        metadata: { ...metadata },
        spec: { model: name, consumerGroup: name, replicas },
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
