import type { V1Deployment } from '@kubernetes/client-node';
import type { DetectorPoolSpec, PoolView } from '@verdict/contracts';
import type { KnownVersion } from '@verdict/lifecycle';
import type { KubeObjectOf } from '../../kube/kube-object.ts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';
import { label } from '../../resources/labels.ts';
import { type Pod, type PodTrouble, podOfHolder, versionOfPod } from './detector-pods.ts';
import type { Detectors } from './fleet.ts';

export type Deployment = KubeObjectOf<V1Deployment>;

/** All that is looked at of one pool whose model and platform are there. */
export interface PoolFacts {
  readonly owner: DetectorPoolObject;
  readonly spec: DetectorPoolSpec;
  /** What the platform says of it. */
  readonly view: PoolView;
  /** Versions of its model in the registry. */
  readonly versions: readonly KnownVersion[];
  /** Its Deployments and their pods. */
  readonly deployments: readonly Deployment[];
  readonly pods: readonly Pod[];
  /** When the platform was read, epoch ms. */
  readonly nowMs: number;
  /** Since when it is looked at without a gap, epoch ms. */
  readonly watchedSinceMs: number;
}

/** The version that a Deployment's detectors serve. */
export function versionOfDeployment({ metadata }: Deployment): number | undefined {
  const text = metadata.labels?.[label.version] ?? '';
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The detectors of each version, by its Deployment, its pods and the leases that they hold. */
export function detectorsByVersion(facts: Pick<PoolFacts, 'view' | 'deployments' | 'pods' | 'nowMs'>) {
  const held = heldByVersion(facts);
  const detectors = new Map<number, Detectors>();
  for (const deployment of facts.deployments) {
    const version = versionOfDeployment(deployment);
    if (version === undefined) continue;
    const wanted = deployment.spec?.replicas ?? 1;
    const ready = deployment.status?.readyReplicas ?? 0;
    const shortMs = ready >= wanted ? 0 : Math.max(0, facts.nowMs - shortSinceMs(deployment, facts.nowMs));
    detectors.set(version, { wanted, ready, shortMs, held: held.get(version) ?? 0 });
  }
  return detectors;
}

/** Detectors that there cannot even be pods for: a quota, a policy, a service account that is missing. */
export function creationTroubles(deployments: readonly Deployment[]): PodTrouble[] {
  return deployments.flatMap((deployment): PodTrouble[] => {
    const version = versionOfDeployment(deployment);
    const failure = deployment.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
    if (version === undefined || failure?.status !== 'True') return [];
    const pods = Math.max(1, (deployment.spec?.replicas ?? 1) - (deployment.status?.replicas ?? 0));
    return [
      {
        version,
        kind: 'CannotStart',
        pods,
        message: failure.message ?? failure.reason ?? 'no pod can be made',
      },
    ];
  });
}

function heldByVersion({ view, pods }: Pick<PoolFacts, 'view' | 'pods'>): Map<number, number> {
  const held = new Map<number, number>();
  for (const { holder } of view.partitions) {
    const pod = holder === null ? undefined : podOfHolder(pods, holder);
    const version = pod && versionOfPod(pod);
    if (version !== undefined) held.set(version, (held.get(version) ?? 0) + 1);
  }
  return held;
}

/** Since when a Deployment has fewer detectors than it wants, as far as it tells. */
function shortSinceMs({ metadata, status }: Deployment, nowMs: number): number {
  const available = status?.conditions?.find(({ type }) => type === 'Available');
  const since = available?.status === 'False' ? available.lastTransitionTime : metadata.creationTimestamp;
  const ms = Date.parse(since ?? '');
  return Number.isNaN(ms) ? nowMs : ms;
}
