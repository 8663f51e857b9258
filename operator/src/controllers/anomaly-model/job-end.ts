import { annotation } from '../../resources/labels.ts';
import type { TrainingJobObject } from './model-facts.ts';

/** How a Job ended, by its own conditions. */
export interface JobEnd {
  readonly complete: boolean;
  /** In CamelCase, such as `DeadlineExceeded`. */
  readonly reason: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** How a Job ended; null while it runs, and while pods of it still do. */
export function jobEnd(job: TrainingJobObject): JobEnd | null {
  for (const { type, status, reason, message, lastTransitionTime } of job.status?.conditions ?? []) {
    if (status !== 'True' || (type !== 'Complete' && type !== 'Failed')) continue;
    const at = job.status?.completionTime ?? lastTransitionTime;
    return {
      complete: type === 'Complete',
      reason: reason ?? type,
      message: message ?? '',
      atMs: at === undefined ? 0 : Date.parse(at),
    };
  }
  return null;
}

/** Id of the trigger that a Job answers. */
export function triggerIdOf(job: TrainingJobObject): string | undefined {
  return job.metadata.annotations?.[annotation.trigger];
}
