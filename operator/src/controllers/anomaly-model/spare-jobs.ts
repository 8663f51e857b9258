import { jobEnd, triggerIdOf } from './job-end.ts';
import type { ModelFacts, TrainingJobObject } from './model-facts.ts';

/**
 * Jobs beyond the history limits, oldest first. One that made no version because the candidate was refused did its work:
 * it counts as a success, although Kubernetes says that it failed. A Job is kept until its end is on record.
 */
export function spareJobs({
  jobs,
  view,
  spec,
}: Pick<ModelFacts, 'jobs' | 'view' | 'spec'>): TrainingJobObject[] {
  const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = spec.training;
  const ended = jobs.flatMap((job) => {
    const end = jobEnd(job);
    const record = view.trainings.find(({ triggerId }) => triggerId === triggerIdOf(job));
    if (end === null || record?.state === 'running' || job.metadata.deletionTimestamp !== undefined)
      return [];
    const succeeded = record === undefined ? end.complete : record.state !== 'failed';
    return [{ job, succeeded, atMs: end.atMs }];
  });
  const oldestFirst = [...ended].sort((a, b) => a.atMs - b.atMs);
  const beyond = (succeeded: boolean, limit: number): TrainingJobObject[] => {
    const all = oldestFirst.filter((one) => one.succeeded === succeeded);
    return all.slice(0, Math.max(0, all.length - limit)).map(({ job }) => job);
  };
  return [...beyond(true, successfulJobsHistoryLimit), ...beyond(false, failedJobsHistoryLimit)];
}
