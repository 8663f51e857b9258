import type {
  V1Deployment,
  V1Job,
  V1Pod,
  V1PodDisruptionBudget,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { KubeObjectOf } from '../kube/kube-object.ts';
import { resourceKind } from '../kube/resource-kind.ts';

/** The built-in kinds that models and pools are made of. */
export const deployments = resourceKind<KubeObjectOf<V1Deployment>>({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
});

export const jobs = resourceKind<KubeObjectOf<V1Job>>({
  apiVersion: 'batch/v1',
  kind: 'Job',
  plural: 'jobs',
  namespaced: true,
});

export const pods = resourceKind<KubeObjectOf<V1Pod>>({
  apiVersion: 'v1',
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
});

export const services = resourceKind<KubeObjectOf<V1Service>>({
  apiVersion: 'v1',
  kind: 'Service',
  plural: 'services',
  namespaced: true,
});

export const disruptionBudgets = resourceKind<KubeObjectOf<V1PodDisruptionBudget>>({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  namespaced: true,
});

export const horizontalAutoscalers = resourceKind<KubeObjectOf<V2HorizontalPodAutoscaler>>({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  namespaced: true,
});
