import type { Tracing } from '@verdict/process';
import { Controller } from '../../control-loop/controller.ts';
import type { ControllerMetrics } from '../../control-loop/controller-metrics.ts';
import type { IndexFunction, Informer } from '../../control-loop/informer.ts';
import { mappedKeys, ownerKeys, ownKeys } from '../../control-loop/key-sources.ts';
import type { QueueMetrics } from '../../control-loop/work-queue-metrics.ts';
import { type KubeObject, keyOf, type ObjectKey } from '../../kube/kube-object.ts';
import { type DetectorPoolObject, detectorPools } from '../../resources/custom-objects.ts';
import { label } from '../../resources/labels.ts';
import type { Pod } from './detector-pods.ts';
import { DetectorPoolReconciler } from './detector-pool-reconciler.ts';
import { byModel, byPool, type PoolCaches, type PoolParts } from './pool-parts.ts';

/** An informer for each cache that pools are looked at in. */
export type PoolInformers = {
  readonly [Name in keyof PoolCaches]: PoolCaches[Name] extends Informer<infer T>['cache']
    ? Informer<T>
    : never;
};

/** What the informer of pools must be able to find. */
export const poolIndexes: Readonly<Record<string, IndexFunction<DetectorPoolObject>>> = {
  [byModel]: ({ metadata, spec }) => [`${metadata.namespace}/${spec.model}`],
};

/** What the informer of detectors' pods must be able to find. */
export const podIndexes: Readonly<Record<string, IndexFunction<Pod>>> = {
  [byPool]: (pod) => poolKeysOf(pod),
};

export interface DetectorPoolControllerOptions extends Omit<PoolParts, 'caches'> {
  readonly informers: PoolInformers;
  readonly workers?: number;
  readonly queueMetrics?: QueueMetrics;
  readonly controllerMetrics?: ControllerMetrics;
  readonly tracing?: Tracing;
}

/**
 * The controller of DetectorPools: woken by pools, by what they are made of, by their detectors' pods, by their models,
 * and by other pools of the same model.
 */
export function detectorPoolController(options: DetectorPoolControllerOptions): Controller {
  const { informers, workers = 4, queueMetrics, controllerMetrics, tracing, ...parts } = options;
  const { pools, models, deployments, services, budgets, autoscalers, pods } = informers;
  const caches: PoolCaches = {
    pools: pools.cache,
    models: models.cache,
    deployments: deployments.cache,
    services: services.cache,
    budgets: budgets.cache,
    autoscalers: autoscalers.cache,
    pods: pods.cache,
  };
  const ofModel = (namespaceAndModel: string): ObjectKey[] =>
    pools.cache.indexed(byModel, namespaceAndModel).map((pool) => keyOf(pool));
  const { reconcile } = new DetectorPoolReconciler({ ...parts, caches });
  return new Controller({
    name: 'detector-pool',
    sources: [
      ownKeys(pools),
      mappedKeys(pools, ({ metadata, spec }) => ofModel(`${metadata.namespace}/${spec.model}`)),
      mappedKeys(models, ({ metadata }) => ofModel(`${metadata.namespace}/${metadata.name}`)),
      ownerKeys(deployments, detectorPools),
      ownerKeys(services, detectorPools),
      ownerKeys(budgets, detectorPools),
      ownerKeys(autoscalers, detectorPools),
      mappedKeys(pods, poolKeysOf),
    ],
    reconcile,
    clock: parts.clock,
    logger: parts.logger,
    workers,
    queueMetrics,
    metrics: controllerMetrics,
    tracing,
  });
}

function poolKeysOf({ metadata }: KubeObject): ObjectKey[] {
  const pool = metadata.labels?.[label.pool];
  return pool === undefined ? [] : [keyOf({ namespace: metadata.namespace, name: pool })];
}
