import type { ModelView } from '@verdict/contracts';

/** What of a model decides whether it is to be trained now. */
export interface TrainingSituation extends Pick<ModelView, 'spec' | 'readings' | 'trainings'> {
  readonly versions: readonly Pick<ModelView['versions'][number], 'version' | 'state'>[];
}

/** Why a training starts, and the id under which it is recorded. An id is used once; retries are attempts within it. */
export interface TrainingTrigger {
  readonly triggerId: string;
  readonly reason: string;
}

/**
 * Says whether a model that has learnt nothing yet is to be trained now: as soon as its history holds
 * `spec.training.minimumReadings`, and, after a refusal, a failure or a rollout that was taken back, each time the
 * history has doubled.
 * Never while a training runs.
 */
export function dueTraining(model: TrainingSituation): TrainingTrigger | null {
  const minimum = model.spec.training.minimumReadings;
  if (model.readings < minimum) return null;
  // The list of trainings ends after the newest ones; a version that was learnt stays listed.
  if (hasLearnt(model.versions)) return null;
  const takenBack = (version: number | null) =>
    model.versions.some((one) => one.version === version && one.state === 'aborted');
  if (
    model.trainings.some(
      ({ state, version }) => state === 'running' || (state === 'succeeded' && !takenBack(version)),
    )
  )
    return null;
  const doublings = Math.floor(Math.log2(model.readings / minimum));
  const tried = model.trainings.map((run) => Number(/^history-(\d+)$/.exec(run.triggerId)?.[1] ?? -1));
  if (tried.some((before) => before >= doublings)) return null;
  return {
    triggerId: `history-${doublings}`,
    reason: `history holds ${model.readings} readings, ${minimum * 2 ** doublings} were asked for`,
  };
}

/** Whether there is, or was, a version that people could be served with: none that was refused or taken back. */
function hasLearnt(versions: TrainingSituation['versions']): boolean {
  return versions.some(({ version, state }) => version > 0 && state !== 'refused' && state !== 'aborted');
}
