import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { AutoscalingSpec } from '@verdict/contracts';
import type { KubeObject } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';
import { type Child, type ChildMeta, childMeta, placeOf } from './child.ts';
import { poolChildName } from './child-names.ts';
import { apiVersion } from './custom-objects.ts';
import { poolLabels } from './labels.ts';
import type { LagSource } from './platform-settings.ts';
import type { PoolChild } from './pool-children.ts';

/** Gauge of the events that wait for a pool, with the labels `pool_namespace` and `pool`. */
export const lagMetric = 'verdict_pool_lag_events';

/** How often KEDA asks for the lag. */
const pollSeconds = 15;
/** After so many failures to ask, KEDA leaves the pool as it is. */
const mostFailures = 3;

/** The part of a KEDA ScaledObject that is applied. */
export interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion: string; kind: string; name: string };
    minReplicaCount: number;
    maxReplicaCount: number;
    pollingInterval: number;
    fallback: { failureThreshold: number; replicas: number; behavior: string };
    advanced: { horizontalPodAutoscalerConfig: { behavior: object } };
    triggers: { type: string; metadata: Record<string, string>; authenticationRef?: { name: string } }[];
  };
}

export const scaledObjects = resourceKind<ScaledObject>({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  plural: 'scaledobjects',
  namespaced: true,
});

/** An autoscaler of a pool whose hub has so many partitions: more detectors than these would have nothing to do. */
export interface PoolAutoscaler extends PoolChild {
  readonly autoscaling: AutoscalingSpec;
  readonly partitions: number;
}

/**
 * Scales a pool by the events that wait. KEDA's own Event Hubs scaler reads checkpoints from blobs; ours are in the
 * database, so the lag is asked of Verdict itself. It writes `spec.replicas` of the DetectorPool through /scale.
 */
export function poolScaledObject(
  given: PoolAutoscaler,
  lag: LagSource,
): Omit<ScaledObject, 'metadata'> & { metadata: ChildMeta } {
  const { owner, spec, autoscaling } = given;
  const { name, namespace } = placeOf(owner);
  const { least, most } = bounds(given);
  const series = `${lagMetric}{pool_namespace="${namespace}",pool="${name}"}`;
  const target = String(autoscaling.lagEventsPerReplica);
  const letIn = lag.authentication === undefined ? {} : { authenticationRef: { name: lag.authentication } };
  return {
    apiVersion: scaledObjects.apiVersion,
    kind: scaledObjects.kind,
    metadata: childMeta(owner, poolChildName(name), poolLabels(name, spec.model)),
    spec: {
      scaleTargetRef: scaleTarget(name),
      minReplicaCount: least,
      maxReplicaCount: most,
      pollingInterval: pollSeconds,
      fallback: { failureThreshold: mostFailures, replicas: least, behavior: 'currentReplicasIfHigher' },
      advanced: { horizontalPodAutoscalerConfig: { behavior: behavior(autoscaling) } },
      triggers: [
        lag.kind === 'prometheus'
          ? {
              type: 'prometheus',
              metadata: {
                serverAddress: lag.serverAddress,
                query: `max(${series})`,
                threshold: target,
                // A lag that nobody knows is no lag of 0.
                ignoreNullValues: 'false',
              },
              ...letIn,
            }
          : {
              type: 'metrics-api',
              metadata: { url: lag.url, format: 'prometheus', valueLocation: series, targetValue: target },
              ...letIn,
            },
      ],
    },
  };
}

/** Scales a pool by the cpu that its detectors use. */
export function poolHorizontalAutoscaler(given: PoolAutoscaler): Child<V2HorizontalPodAutoscaler> {
  const { owner, spec, autoscaling } = given;
  const { name } = placeOf(owner);
  const { least, most } = bounds(given);
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: childMeta(owner, poolChildName(name), poolLabels(name, spec.model)),
    spec: {
      scaleTargetRef: scaleTarget(name),
      minReplicas: least,
      maxReplicas: most,
      metrics: [
        {
          type: 'Resource',
          resource: {
            name: 'cpu',
            target: { type: 'Utilization', averageUtilization: autoscaling.cpuPercent },
          },
        },
      ],
      behavior: behavior(autoscaling),
    },
  };
}

function scaleTarget(name: string) {
  return { apiVersion, kind: 'DetectorPool', name };
}

function bounds({ autoscaling, partitions }: PoolAutoscaler): { least: number; most: number } {
  const most = Math.max(1, Math.min(autoscaling.maxReplicas ?? partitions, partitions));
  return { least: Math.min(autoscaling.minReplicas, most), most };
}

/** Up at once; down by one detector a minute, for each of them hands its partitions over. */
function behavior({ scaleDownSeconds }: AutoscalingSpec) {
  return {
    scaleDown: {
      stabilizationWindowSeconds: scaleDownSeconds,
      policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
    },
  };
}
