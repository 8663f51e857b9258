import type { ModelView, PoolView } from '@verdict/contracts';
import { dueTraining, nextPlan } from '@verdict/lifecycle';
import type { PlatformClient } from '@verdict/platform-client';
import type { Clock, Logger } from '@verdict/process';

/** Runs one training as a job; resolves with its exit code when it has ended. */
export type RunTraining = (job: {
  namespace: string;
  model: string;
  triggerId: string;
}) => Promise<number | null>;

const everyMs = 2000;
/** A job that crashes is tried again this often, as attempts within the same trigger. */
const attemptsPerTrigger = 3;

/**
 * Does what the operator does on Kubernetes: looks at models and pools, asks `lifecycle` what is to be done, and
 * does it. One training at a time, since they share this computer with the detectors.
 */
export function startConductor(parts: {
  client: PlatformClient;
  runTraining: RunTraining;
  clock: Clock;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { client, runTraining, clock, logger } = parts;
  const stopping = new AbortController();
  const attempts = new Map<string, number>();

  /** The training that runs now; the plan goes on being followed beside it. */
  let training: Promise<void> | null = null;

  const train = async (models: readonly ModelView[]): Promise<void> => {
    for (const model of models) {
      const due = dueTraining(model) ?? interrupted(model);
      if (due === null) continue;
      const key = `${model.namespace}/${model.name}/${due.triggerId}`;
      const attempt = (attempts.get(key) ?? 0) + 1;
      if (attempt > attemptsPerTrigger) continue;
      attempts.set(key, attempt);
      logger.info({ model: model.name, ...due, attempt }, `training ${model.name}: ${due.reason}`);
      const job = { namespace: model.namespace, model: model.name, triggerId: due.triggerId };
      const code = await runTraining(job);
      logger.info({ ...job, code }, `training of ${model.name} ended`);
      return;
    }
  };

  const plan = async (models: readonly ModelView[], pools: readonly PoolView[]): Promise<void> => {
    for (const pool of pools) {
      const model = models.find((one) => one.namespace === pool.namespace && one.name === pool.spec.model);
      if (!model) continue;
      const partitions = pool.partitions.map((partition) => partition.partition);
      const next = nextPlan({ plan: pool.plan, partitions, versions: model.versions });
      if (next === null) continue;
      // A refused write means that somebody else wrote: the next round looks again.
      const written = await client.writePlan(pool.name, pool.plan.revision, next);
      if (written) logger.info({ pool: pool.name, revision: written.revision }, `new plan for ${pool.name}`);
    }
  };

  const once = async (): Promise<void> => {
    const models = await client.models();
    await plan(models, await client.pools());
    training ??= train(models).finally(() => {
      training = null;
    });
  };

  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await once().catch((error: unknown) => {
        if (!stopping.signal.aborted)
          logger.warn({ err: error }, 'the platform could not be asked; trying again');
      });
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  };
  const ended = live();
  return {
    async stop() {
      stopping.abort();
      await ended;
      await training?.catch(() => undefined);
    },
  };
}

/** A training that a stop or crash left running: since we run its jobs and none runs now, it must go on. */
function interrupted(model: ModelView): { triggerId: string; reason: string } | null {
  const left = model.trainings.find((run) => run.state === 'running');
  return left ? { triggerId: left.triggerId, reason: 'it was interrupted' } : null;
}
