import type { ModelView } from '@verdict/contracts';
import type { AnomalyModelObject, DetectorPoolObject } from '../../resources/custom-objects.ts';
import { jobEnd } from './job-end.ts';
import type { TrainingJobObject } from './model-facts.ts';

/** What is to be done about a model that is being deleted, and whose artefacts are to go first. */
export type DeletionStep =
  | { readonly kind: 'wait'; readonly message: string }
  /** Ends a training that runs. */
  | { readonly kind: 'end-job'; readonly job: TrainingJobObject }
  /** Records that a training came to nothing. */
  | { readonly kind: 'fail-training'; readonly triggerId: string }
  | { readonly kind: 'delete-artefacts' };

/** A deletion that does not come to its end is let go after so long. */
export const mostDeletionMs = 10 * 60_000;

/** The next step of a deletion. @param view the model as the platform knows it; null = it is declared no more */
export function deletionStep({
  pools,
  jobs,
  view,
}: {
  /** Pools that name the model, those that are being deleted too. */
  readonly pools: readonly DetectorPoolObject[];
  readonly jobs: readonly TrainingJobObject[];
  readonly view: Pick<ModelView, 'trainings'> | null;
}): DeletionStep {
  const [pool] = pools;
  if (pool) return { kind: 'wait', message: `waits until DetectorPool ${pool.metadata.name} is deleted` };
  const job = jobs.find((one) => jobEnd(one) === null);
  if (job?.metadata.deletionTimestamp !== undefined)
    return { kind: 'wait', message: `waits until Job ${job.metadata.name} has ended` };
  if (job) return { kind: 'end-job', job };
  const running = view?.trainings.find(({ state }) => state === 'running');
  if (running) return { kind: 'fail-training', triggerId: running.triggerId };
  return { kind: 'delete-artefacts' };
}

/** Whether a deletion has lasted too long. */
export function isOverdue({ metadata }: AnomalyModelObject, nowMs: number): boolean {
  return nowMs - Date.parse(metadata.deletionTimestamp ?? '') >= mostDeletionMs;
}
