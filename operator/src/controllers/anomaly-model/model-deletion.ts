import type { OwnWrites } from '../../children/own-writes.ts';
import type { Outcome } from '../../control-loop/outcome.ts';
import { isNotFound } from '../../kube/kube-error.ts';
import { PlatformRefusedError, PlatformUnavailableError } from '../../platform/platform-error.ts';
import { placeOf } from '../../resources/child.ts';
import type { AnomalyModelObject } from '../../resources/custom-objects.ts';
import { deletionStep, isOverdue } from './deletion-step.ts';
import { hasFinalizer, writeFinalizer } from './finalizer.ts';
import type { ModelControllerParts } from './model-parts.ts';
import { statusWith } from './model-status.ts';
import { writeStatus } from './status-writer.ts';
import type { TrainingKeeper } from './training-keeper.ts';

const lookAgainMs = 5000;
/** Steps of one look: a Job, some trainings, the artefacts. */
const mostSteps = 10;

export interface DeletionParts extends ModelControllerParts {
  readonly trainings: TrainingKeeper;
  readonly writes: OwnWrites;
}

/**
 * A model that is being deleted. Without our finalizer nothing is left to do: the API server collects its Jobs, the
 * platform keeps its versions. With it: wait for pools and Job → delete the artefacts → let go. What stands in the way
 * for ten minutes is told, and the object goes all the same: a namespace must not hang on a platform that is gone.
 */
export async function lookAtDeletion(
  parts: DeletionParts,
  owner: AnomalyModelObject,
  signal: AbortSignal,
): Promise<Outcome> {
  if (!hasFinalizer(owner)) return { kind: 'settled' };
  const hindrance = owner.spec.deletionPolicy === 'Delete' ? await takeSteps(parts, owner, signal) : null;
  const overdue = isOverdue(owner, parts.clock.nowMs());
  if (hindrance !== null && !overdue) {
    await tell(parts, { owner, message: hindrance }, signal);
    return { kind: 'again', afterMs: lookAgainMs };
  }
  if (hindrance !== null) {
    const message = `let go with its artefacts left behind: ${hindrance}`;
    parts.events.record(owner, { type: 'Warning', reason: 'ArtefactsLeft', action: 'Delete', message });
  }
  await writeFinalizer(parts.client, { owner, step: 'remove' }, signal).catch((error) => {
    // Somebody else took the last finalizer off.
    if (!isNotFound(error)) throw error;
  });
  return { kind: 'settled' };
}

/** @returns what has to be waited for; null when the artefacts are gone */
async function takeSteps(
  parts: DeletionParts,
  owner: AnomalyModelObject,
  signal: AbortSignal,
): Promise<string | null> {
  const { platform, clock } = parts;
  const model = placeOf(owner);
  try {
    for (let steps = 0; steps < mostSteps; steps++) {
      const notBeforeMs = clock.monotonicMs();
      const models = await platform.models(model.namespace, { notBeforeMs });
      const view = models.find(({ name }) => name === model.name) ?? null;
      const pools = parts.pools
        .list()
        .filter(({ metadata, spec }) => metadata.namespace === model.namespace && spec.model === model.name);
      const step = deletionStep({ pools, jobs: parts.trainings.jobsOf(owner), view });
      switch (step.kind) {
        case 'wait':
          return step.message;
        case 'end-job':
          await parts.trainings.remove(step.job, signal);
          return `ends Job ${step.job.metadata.name}`;
        case 'fail-training':
          await platform.failTraining(model, step.triggerId, 'its AnomalyModel was deleted');
          break;
        case 'delete-artefacts': {
          await platform.deleteModel(model);
          const message = 'its versions, trainings and artefacts are deleted';
          parts.events.record(owner, {
            type: 'Normal',
            reason: 'ArtefactsDeleted',
            action: 'Delete',
            message,
          });
          return null;
        }
      }
    }
    return 'its trainings are being ended';
  } catch (error) {
    if (error instanceof PlatformUnavailableError) return 'the platform does not answer';
    if (error instanceof PlatformRefusedError) return error.message;
    throw error;
  }
}

/** What it waits for, as long as there is an object that can say it. */
async function tell(
  parts: DeletionParts,
  { owner, message }: { readonly owner: AnomalyModelObject; readonly message: string },
  signal: AbortSignal,
): Promise<void> {
  const { generation } = owner.metadata;
  const ready = { type: 'Ready', status: 'False', reason: 'Deleting', message } as const;
  const status = statusWith(owner, [ready], { nowMs: parts.clock.nowMs(), generation });
  await writeStatus(parts, { owner, status }, signal).catch((error) => {
    if (!isNotFound(error)) throw error;
  });
}
