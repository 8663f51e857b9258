import type { AnomalyModelSpec } from '@verdict/contracts';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';
import type { ModelMemory } from './model-memory.ts';

/** One look at a model. */
export interface Look {
  readonly owner: AnomalyModelObject;
  readonly spec: AnomalyModelSpec;
  readonly memory: ModelMemory;
  readonly signal: AbortSignal;
}
