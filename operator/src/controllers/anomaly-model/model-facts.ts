import type { V1Job } from '@kubernetes/client-node';
import type { AnomalyModelSpec, ModelView, PoolView } from '@verdict/contracts';
import type { KubeObjectOf } from '../../kube/kube-object.ts';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';

export type TrainingJobObject = KubeObjectOf<V1Job>;

/** Everything that is decided on at one look at a model. */
export interface ModelFacts {
  readonly owner: AnomalyModelObject;
  readonly spec: AnomalyModelSpec;
  /** The model as the platform knows it: declared as the spec says. */
  readonly view: ModelView;
  /** The pool that serves it, as the platform knows it; null while there is none. */
  readonly pool: PoolView | null;
  /** The Jobs of its trainings, in any order. */
  readonly jobs: readonly TrainingJobObject[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Ids that were used long ago: the platform said so, but does not list them any more. */
  readonly usedTriggers: ReadonlySet<string>;
}
