import type { ModelView, TrainingRunView } from '@verdict/contracts';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { annotation } from '../../resources/labels.ts';
import { cut, discreet } from '../../resources/status-fields.ts';
import { triggerIdOf } from './job-end.ts';
import type { ModelFacts } from './model-facts.ts';
import { reasonByTriggerId } from './training-reason.ts';

export type TrainingStatus = NonNullable<AnomalyModelStatus['lastTraining']>;
type VersionStatus = NonNullable<AnomalyModelStatus['versions']>[number];

const mostReasons = 20;
const mostVersions = 20;

/** The newest training, as a status tells it: the platform's record, with the Job and what the evaluation found. */
export function trainingStatus(
  { view, jobs, owner }: Pick<ModelFacts, 'view' | 'jobs' | 'owner'>,
  podWord: string | null,
): TrainingStatus | undefined {
  const run = newestOf(view.trainings);
  if (run === undefined) return undefined;
  const { triggerId, startedAt, endedAt, version } = run;
  const job = jobs.find((one) => triggerIdOf(one) === triggerId);
  const told = owner.status?.lastTraining?.triggerId === triggerId ? owner.status.lastTraining : undefined;
  const reason = job?.metadata.annotations?.[annotation.triggerReason] ?? told?.reason;
  // A Job is deleted some time after its end; which one it was stays.
  const jobName = job?.metadata.name ?? (run.state === 'running' ? undefined : told?.job);
  const evaluation = view.versions.find((one) => one.version === version)?.evaluation;
  const message = run.state === 'running' && podWord !== null ? `its pod ${podWord}` : run.message;
  return {
    triggerId: cut(triggerId, 200),
    reason: discreet(reason ?? reasonByTriggerId(triggerId), 1024),
    ...(jobName === undefined ? {} : { job: jobName }),
    state: run.state === 'running' && job === undefined ? 'pending' : run.state,
    startedAt,
    ...(endedAt === null ? {} : { endedAt }),
    ...(version === null ? {} : { version }),
    ...(evaluation ? { baselineVersion: evaluation.baselineVersion } : {}),
    ...(message === '' ? {} : { message: discreet(message, 2048) }),
    ...(evaluation
      ? { reasons: evaluation.reasons.slice(0, mostReasons).map((one) => discreet(one, 512)) }
      : {}),
  };
}

/** The one that runs, else the one that began last. */
function newestOf(trainings: readonly TrainingRunView[]): TrainingRunView | undefined {
  return trainings.find(({ state }) => state === 'running') ?? trainings[0];
}

/** The newest versions, newest first. */
export function versionsStatus({ versions }: Pick<ModelView, 'versions'>): VersionStatus[] {
  return [...versions]
    .sort((a, b) => b.version - a.version)
    .slice(0, mostVersions)
    .map(({ version, state, createdAt, servesSince, evaluation }) => ({
      version,
      state,
      createdAt,
      ...(servesSince === null ? {} : { servesSince }),
      ...(evaluation && evaluation.reasons.length > 0
        ? { message: discreet(evaluation.reasons.join('; '), 512) }
        : {}),
    }));
}
