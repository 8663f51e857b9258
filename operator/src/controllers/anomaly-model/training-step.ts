import { type DueTrigger, dueTrigger, triggerSituation } from '@verdict/lifecycle';
import { askedTraining } from './asked-training.ts';
import { type JobEnd, jobEnd, triggerIdOf } from './job-end.ts';
import type { ModelFacts, TrainingJobObject } from './model-facts.ts';

/** What is to be done about a model's trainings now. */
export type TrainingStep =
  /** Record the trigger; its Job comes when it stands there. */
  | { readonly kind: 'begin'; readonly trigger: DueTrigger }
  /** Create the Job of a training that is recorded. */
  | { readonly kind: 'create-job'; readonly triggerId: string }
  /** Record that a training failed, whose Job ended without a word. */
  | {
      readonly kind: 'fail';
      readonly triggerId: string;
      readonly job: TrainingJobObject;
      readonly end: JobEnd;
    };

/**
 * The next step of a model's trainings, or null. The platform's records say which triggers were answered, which one is
 * being answered, and so whether a Job is to exist; the name of a Job follows from its trigger. So whoever dies between
 * any two steps leaves nothing behind that the next one does not find, and nobody makes two Jobs of one trigger. One
 * training at a time: nothing begins while a Job runs, whatever is recorded.
 */
export function trainingStep(facts: ModelFacts): TrainingStep | null {
  const { view, jobs } = facts;
  const running = view.trainings.filter(({ state }) => state === 'running');
  for (const { triggerId } of running) {
    const job = jobs.find((one) => triggerIdOf(one) === triggerId);
    const end = job ? jobEnd(job) : null;
    if (job && end) return { kind: 'fail', triggerId, job, end };
  }
  if (jobs.some((job) => jobEnd(job) === null)) return null;
  const oldest = running.at(-1);
  if (oldest) return { kind: 'create-job', triggerId: oldest.triggerId };
  const trigger = dueNow(facts);
  return trigger && { kind: 'begin', trigger };
}

/** The trigger that is due by lifecycle's word: what the annotation asks for comes before what the platform was asked. */
export function dueNow(facts: ModelFacts): DueTrigger | null {
  const { view, pool, nowMs } = facts;
  const situation = triggerSituation(view, pool?.rollout.state ?? null, nowMs);
  const wasUsed = (triggerId: string): boolean => facts.usedTriggers.has(triggerId);
  const annotated = askedTraining(facts.owner);
  const asked = annotated && !isRecorded(facts, annotated.triggerId) ? annotated.triggerId : situation.asked;
  return dueTrigger({ ...situation, asked, wasUsed });
}

/** Whether a training was recorded under this id, as far as we know. */
export function isRecorded(
  { view, usedTriggers }: Pick<ModelFacts, 'view' | 'usedTriggers'>,
  triggerId: string,
): boolean {
  return usedTriggers.has(triggerId) || view.trainings.some((run) => run.triggerId === triggerId);
}
