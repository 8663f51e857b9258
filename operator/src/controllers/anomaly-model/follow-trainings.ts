import type { Why } from '../../resources/ready-summary.ts';
import type { Look } from './look.ts';
import type { ModelFacts } from './model-facts.ts';
import { type ObserveParts, observeModel } from './observe-model.ts';
import { spareJobs } from './spare-jobs.ts';
import type { TrainingKeeper } from './training-keeper.ts';
import { trainingStep } from './training-step.ts';

/** Steps of one look: an old Job is accounted for, a trigger recorded, its Job created, and one to spare. */
const mostSteps = 4;

/** How things stand after the steps of a look. */
export interface Followed {
  readonly facts: ModelFacts;
  /** Why the Job that is due cannot be created, if it cannot. */
  readonly jobTrouble: Why | null;
  /** An error that is to be tried again, once the status has been written. */
  readonly failure?: unknown;
}

/**
 * Takes the steps that trainings are due to, each decided on what was read after the one before. What the platform
 * said some seconds ago is enough to see that nothing is due; a step rests on what it says now.
 */
export async function followTrainings(
  parts: ObserveParts & { readonly trainings: TrainingKeeper },
  look: Look,
): Promise<Followed> {
  const { clock, trainings } = parts;
  let facts = await observeModel(parts, look, look.memory.readFromMs);
  if (trainingStep(facts) !== null) facts = await observeModel(parts, look, clock.monotonicMs());
  for (let steps = 0; steps < mostSteps; steps++) {
    const step = trainingStep(facts);
    if (step === null) break;
    try {
      const jobTrouble = await trainings.take(step, facts, look);
      if (jobTrouble) return { facts, jobTrouble };
    } catch (failure) {
      if (step.kind !== 'create-job' || look.signal.aborted) throw failure;
      const message = failure instanceof Error ? failure.message : String(failure);
      return { facts, jobTrouble: { reason: 'JobNotCreated', message }, failure };
    }
    facts = await observeModel(parts, look, clock.monotonicMs());
  }
  for (const job of spareJobs(facts)) await trainings.remove(job, look.signal);
  return { facts, jobTrouble: null };
}
