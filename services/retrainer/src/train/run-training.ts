import { type Clock, type Logger, withoutSecrets } from '@verdict/process';
import type {
  ArtefactSigner,
  BlobStore,
  HistoryStore,
  LabelStore,
  PlanStore,
  RegistryStore,
  RolloutStore,
  SeriesStore,
  TrustedKeys,
  VersionStore,
} from '@verdict/storage';
import { learn } from './learn.ts';

/** What a training needs. */
export interface TrainingParts {
  readonly registry: Pick<
    RegistryStore,
    'models' | 'beginTraining' | 'endTraining' | 'trainings' | 'reserveVersion' | 'putVersion'
  >;
  readonly plans: Pick<PlanStore, 'pools' | 'poolState'>;
  readonly rollouts: Pick<RolloutStore, 'get'>;
  readonly history: Pick<HistoryStore, 'readPool'>;
  readonly series: Pick<SeriesStore, 'list'>;
  readonly labels: Pick<LabelStore, 'anomalies' | 'missed' | 'verdicts'>;
  readonly versions: Pick<VersionStore, 'putComparison'>;
  readonly blobs: Pick<BlobStore, 'put' | 'get'>;
  /** Signs what is published; null: nothing is signed. */
  readonly signer: ArtefactSigner | null;
  /** Who has to have signed the champion; null: nobody. */
  readonly trusted: TrustedKeys | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Which training: a model, and the trigger that asked for it. */
export interface TrainingOrder {
  readonly namespace: string;
  readonly model: string;
  readonly triggerId: string;
  /** From 1; beyond `mostAttempts` nothing is trained, only the failure recorded. */
  readonly attempt: number;
  readonly mostAttempts: number;
}

/** How a training ended. `skipped`: this trigger was answered before. */
export interface TrainingOutcome {
  readonly state: 'succeeded' | 'refused' | 'skipped';
  readonly version: number | null;
  readonly message: string;
}

/** The last attempt failed, and the registry knows: the trigger is answered. The cause says what went wrong. */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

/**
 * Trains one model for one trigger: history and labels → fit → evaluation → version in the registry. A trigger that was
 * begun but not ended (the job was killed) is gone on with; one that ended is not done again. What is thrown at
 * the last attempt is recorded as a failure and becomes a `TrainingFailed`; before it, the training stays begun for the
 * next attempt.
 */
export async function runTraining(parts: TrainingParts, order: TrainingOrder): Promise<TrainingOutcome> {
  const { registry, signal } = parts;
  const { attempt, mostAttempts, ...run } = order;
  const model = (await registry.models()).find(
    ({ namespace, name }) => namespace === run.namespace && name === run.model,
  );
  if (!model) throw new Error(`there is no model ${run.namespace}/${run.model}`);
  if (!(await registry.beginTraining(run)) && (await hasEnded(registry, run)))
    return { state: 'skipped', version: null, message: `trigger ${run.triggerId} was answered before` };
  try {
    if (attempt > mostAttempts)
      throw new Error(`all ${mostAttempts} attempts ended before they had a result`);
    const outcome = await learn(parts, { model, triggerId: run.triggerId });
    await registry.endTraining({ ...run, ...outcome });
    return outcome;
  } catch (error) {
    // A job that is being stopped leaves its training begun too: it was not its fault.
    if (attempt < mostAttempts || signal.aborted) throw error;
    const message = messageOf(error);
    await registry.endTraining({ ...run, state: 'failed', version: null, message });
    throw new TrainingFailed(message, { cause: error });
  }
}

/** The registry, a status and the dashboard will show it. */
function messageOf(error: unknown): string {
  return withoutSecrets(error instanceof Error ? error.message : String(error));
}

async function hasEnded(
  registry: TrainingParts['registry'],
  order: Pick<TrainingOrder, 'namespace' | 'model' | 'triggerId'>,
): Promise<boolean> {
  const runs = await registry.trainings(order.namespace, order.model, 100);
  return runs.some((run) => run.triggerId === order.triggerId && run.state !== 'running');
}
