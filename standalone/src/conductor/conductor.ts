import type { ModelView, PartitionPlan, Plan, PoolView } from '@verdict/contracts';
import { nextPlan } from '@verdict/lifecycle';
import type { Clock, Logger } from '@verdict/process';
import { type RunTraining, TrainingQueue } from './training-queue.ts';

/** What the conductor asks of the platform. Every method rejects while the platform is away. */
export interface ConductedPlatform {
  models(): Promise<ModelView[]>;
  pools(): Promise<PoolView[]>;
  /** Replaces the plan of the pool as it was seen; null when it has been written by somebody else since. */
  writePlan(pool: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null>;
}

const everyMs = 2000;

/**
 * Does what the operator does on Kubernetes: looks at models and pools, asks `lifecycle` what is to be done, and
 * does it. Nothing that fails here ends it: the next round looks again.
 */
export function startConductor(parts: {
  platform: ConductedPlatform;
  runTraining: RunTraining;
  clock: Clock;
  logger: Logger;
}): { stop(): Promise<void> } {
  const { platform, runTraining, clock, logger } = parts;
  const stopping = new AbortController();
  const trainings = new TrainingQueue({ runTraining, clock, logger });
  /** What is wrong now, so that it is told once and not every two seconds. */
  let trouble: string | null = null;

  const plan = async (models: readonly ModelView[], pools: readonly PoolView[]): Promise<void> => {
    const failures: unknown[] = [];
    for (const pool of pools) {
      const model = models.find((one) => one.namespace === pool.namespace && one.name === pool.spec.model);
      if (!model) continue;
      const partitions = pool.partitions.map(({ partition }) => partition);
      const next = nextPlan({ plan: pool.plan, partitions, versions: model.versions });
      if (next === null) continue;
      try {
        // A refused write means that somebody else wrote: the next round looks again.
        const written = await platform.writePlan(pool, next);
        if (written)
          logger.info({ pool: pool.name, revision: written.revision }, `new plan for ${pool.name}`);
      } catch (error) {
        // One pool that cannot be written must not keep the others from theirs.
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };

  const once = async (): Promise<void> => {
    // Asked before the models are: a training that ends in between must not look like an interrupted one.
    const free = !trainings.busy;
    const models = await platform.models();
    if (stopping.signal.aborted) return;
    if (free) trainings.startNext(models);
    await plan(models, await platform.pools());
  };

  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await once();
        if (trouble !== null) logger.info('the platform answers again');
        trouble = null;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== trouble && !stopping.signal.aborted)
          logger.warn({ reason }, 'models and pools could not be looked after; trying again');
        trouble = reason;
      }
      // Cut short by a stop: the loop's head sees it.
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  };
  const ended = live();
  return {
    /** Starts nothing any more and waits for the job that runs; whoever runs it has to end it. */
    async stop() {
      stopping.abort();
      await ended;
      await trainings.idle();
    },
  };
}
