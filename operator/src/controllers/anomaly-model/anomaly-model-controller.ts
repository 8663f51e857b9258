import type { Tracing } from '@verdict/process';
import { Controller } from '../../control-loop/controller.ts';
import type { ControllerMetrics } from '../../control-loop/controller-metrics.ts';
import type { Informer } from '../../control-loop/informer.ts';
import { mappedKeys, ownerKeys, ownKeys } from '../../control-loop/key-sources.ts';
import type { QueueMetrics } from '../../control-loop/work-queue-metrics.ts';
import { keyOf } from '../../kube/kube-object.ts';
import {
  type AnomalyModelObject,
  anomalyModels,
  type DetectorPoolObject,
} from '../../resources/custom-objects.ts';
import { anomalyModelReconciler } from './anomaly-model-reconciler.ts';
import type { TrainingJobObject } from './model-facts.ts';
import type { ModelControllerParts } from './model-parts.ts';
import type { TrainingPod } from './pod-end.ts';

/** What the controller looks at; Jobs and their pods are those with the label of trainings. */
export interface ModelInformers {
  readonly models: Informer<AnomalyModelObject>;
  readonly pools: Informer<DetectorPoolObject>;
  readonly jobs: Informer<TrainingJobObject>;
  readonly trainingPods: Informer<TrainingPod>;
}

export interface AnomalyModelControllerOptions extends Omit<ModelControllerParts, keyof ModelInformers> {
  readonly informers: ModelInformers;
  readonly workers?: number;
  readonly queueMetrics?: QueueMetrics;
  readonly controllerMetrics?: ControllerMetrics;
  readonly tracing?: Tracing;
}

/**
 * The controller of AnomalyModels: woken by models, by the Jobs of their trainings, and by the pools that name them. Pods
 * of trainings wake nobody: a model whose training runs is looked at every few seconds anyway.
 */
export function anomalyModelController(options: AnomalyModelControllerOptions): Controller {
  const { informers, workers = 4, queueMetrics, controllerMetrics, tracing, ...parts } = options;
  const { models, pools, jobs, trainingPods } = informers;
  const reconcile = anomalyModelReconciler({
    ...parts,
    models: models.cache,
    pools: pools.cache,
    jobs: jobs.cache,
    trainingPods: trainingPods.cache,
  });
  return new Controller({
    name: 'anomaly-model',
    sources: [
      ownKeys(models),
      ownerKeys(jobs, anomalyModels),
      mappedKeys(pools, ({ metadata: { namespace }, spec }) => [keyOf({ namespace, name: spec.model })]),
      mappedKeys(trainingPods, () => []),
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
