import type { V1PodDisruptionBudget, V1Service } from '@kubernetes/client-node';
import type { DetectorPoolSpec } from '@verdict/contracts';
import { type Child, childMeta, placeOf } from './child.ts';
import { poolChildName } from './child-names.ts';
import type { DetectorPoolObject } from './custom-objects.ts';
import { detectorPort } from './detector-deployment.ts';
import { poolLabels, poolSelector } from './labels.ts';

/** What there is one of in a pool is made of the pool alone. */
export interface PoolChild {
  readonly owner: DetectorPoolObject;
  readonly spec: DetectorPoolSpec;
}

/** The headless Service of a pool: through it metrics are collected, of detectors that are not ready too. */
export function poolService({ owner, spec }: PoolChild): Child<V1Service> {
  const { name } = placeOf(owner);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMeta(owner, poolChildName(name), poolLabels(name, spec.model)),
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: poolSelector(name),
      ports: [{ name: 'http', port: detectorPort, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

/** How many detectors of a pool, over all versions, may be away when nodes are drained. */
export function poolDisruptionBudget({ owner, spec }: PoolChild): Child<V1PodDisruptionBudget> {
  const { name } = placeOf(owner);
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: childMeta(owner, poolChildName(name), poolLabels(name, spec.model)),
    spec: {
      maxUnavailable: spec.disruption.maxUnavailable,
      selector: { matchLabels: poolSelector(name) },
      // One that crashes serves nobody: it must not keep a node from being drained.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}
