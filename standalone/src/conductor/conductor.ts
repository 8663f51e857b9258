import type { ModelView, PoolView } from '@verdict/contracts';
import type { Clock, Logger } from '@verdict/process';
import { keyOf, PoolKeeper, type RolloutPlatform } from './pool-keeper.ts';
import { type RunTraining, TrainingQueue } from './training-queue.ts';

/** What the conductor asks of the platform. Every method rejects while the platform is away. */
export interface ConductedPlatform extends RolloutPlatform {
  models(): Promise<ModelView[]>;
  pools(): Promise<PoolView[]>;
}

const everyMs = 2000;
/** While a candidate is on its way. */
const duringRolloutMs = 1000;
/** Longer without a look, as by a computer that slept, and nobody knows what happened meanwhile. */
const gapMs = 30_000;

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
  const keeper = new PoolKeeper({ platform, logger });
  /** What is wrong now, so that it is told once and not every two seconds. */
  let trouble: string | null = null;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let watchedSinceMs = 0;

  /** One look; says after how long the next one is due. */
  const once = async (): Promise<number> => {
    // Asked before anything is read: what ends in between must not be judged by what was read before.
    const free = !trainings.busy;
    const underWay = keeper.underWay;
    const [models, pools] = await Promise.all([platform.models(), platform.pools()]);
    if (stopping.signal.aborted) return 0;
    const nowMs = clock.nowMs();
    if (nowMs - lookedAtMs > gapMs) watchedSinceMs = nowMs;
    lookedAtMs = nowMs;
    if (free) trainings.startNext(models, pools, nowMs);
    let rollouts = 0;
    for (const pool of pools) {
      const model = models.find((one) => one.namespace === pool.namespace && one.name === pool.spec.model);
      if (!model || underWay.includes(keyOf(pool))) continue;
      const inProgress = keeper.keep({ pool, versions: model.versions, nowMs, watchedSinceMs });
      if (inProgress) rollouts += 1;
    }
    return rollouts > 0 ? duringRolloutMs : everyMs;
  };

  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let waitMs = everyMs;
      try {
        waitMs = await once();
        if (trouble !== null) logger.info('the platform answers again');
        trouble = null;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (reason !== trouble && !stopping.signal.aborted)
          logger.warn({ reason }, 'models and pools could not be looked after; trying again');
        trouble = reason;
      }
      // Cut short by a stop: the loop's head sees it.
      await clock.sleep(waitMs, stopping.signal).catch(() => undefined);
    }
  };
  const ended = live();
  return {
    /** Starts nothing any more and waits for the job that runs; whoever runs it has to end it. */
    async stop() {
      stopping.abort();
      await ended;
      await keeper.idle();
      await trainings.idle();
    },
  };
}
