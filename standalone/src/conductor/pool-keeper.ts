import type {
  ModelView,
  PartitionPlan,
  Plan,
  PoolView,
  RolloutRecord,
  RolloutUpdate,
  VersionState,
} from '@verdict/contracts';
import { type PoolRound, poolRound } from '@verdict/lifecycle';
import type { Logger } from '@verdict/process';

/** What a keeper of pools writes. Every method rejects while the platform is away. */
export interface RolloutPlatform {
  /** Replaces the rollout of the pool as it was seen; null when somebody else has written it since. */
  saveRollout(pool: PoolView, update: RolloutUpdate): Promise<RolloutRecord | null>;
  /** Changes a version of the pool's model in the registry. */
  setVersionState(pool: PoolView, version: number, state: VersionState): Promise<void>;
  /** Replaces the plan of the pool as it was seen; null when somebody else has written it since. */
  writePlan(pool: PoolView, partitions: Record<string, PartitionPlan>): Promise<Plan | null>;
}

/** A pool as it was read. */
export interface SeenPool {
  readonly pool: PoolView;
  readonly versions: ModelView['versions'];
  /** When it was read, epoch ms. */
  readonly nowMs: number;
  /** Since when pools are read without a gap, epoch ms. */
  readonly watchedSinceMs: number;
}

/**
 * Takes rollouts of pools a step further, each pool by itself: one whose writes hang or fail holds up no other. What
 * was not written, by an error or a crash, is asked for again at the next look.
 */
export class PoolKeeper {
  readonly #platform: RolloutPlatform;
  readonly #logger: Logger;
  readonly #underWay = new Map<string, Promise<void>>();
  /** What is wrong with a pool now, so that it is told once and not at every look. */
  readonly #trouble = new Map<string, string>();

  constructor(parts: { platform: RolloutPlatform; logger: Logger }) {
    this.#platform = parts.platform;
    this.#logger = parts.logger;
  }

  /** Pools that are being written. What was read before a write ended must not be acted upon. */
  get underWay(): string[] {
    return [...this.#underWay.keys()];
  }

  /** Begins what is due of a pool that is not under way, and says whether a candidate is on its way. Never throws. */
  keep({ pool, ...seen }: SeenPool): boolean {
    const key = keyOf(pool);
    let inProgress = false;
    const written = (async () => {
      const round = poolRound({ pool, ...seen, shadowsScored: true });
      ({ inProgress } = round);
      await this.#write(pool, round);
      this.#settle(pool);
    })()
      .catch((error) => this.#complain(pool, error))
      .finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, written);
    return inProgress;
  }

  /** Resolves when nothing is being written; never rejects. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  async #write(pool: PoolView, round: PoolRound): Promise<void> {
    if (round.update) {
      const saved = await this.#platform.saveRollout(pool, round.update);
      // Somebody else wrote: the next look decides on what stands there now.
      if (!saved) return;
      for (const { reason, message } of round.update.events)
        this.#logger[reason === 'TakenBack' ? 'warn' : 'info']({ pool: keyOf(pool), reason }, message);
    }
    const failures: unknown[] = [];
    for (const { version, state } of round.versionStates)
      await this.#platform.setVersionState(pool, version, state).catch((error) => failures.push(error));
    // A registry that refuses must not keep a bad version on its partitions.
    if (round.plan) {
      const written = await this.#platform.writePlan(pool, round.plan);
      if (written)
        this.#logger.info({ pool: keyOf(pool), revision: written.revision }, `new plan for ${pool.name}`);
    }
    if (failures.length > 0) throw failures[0];
  }

  #settle(pool: PoolView): void {
    if (this.#trouble.delete(keyOf(pool))) this.#logger.info(`pool ${keyOf(pool)} can be written again`);
  }

  #complain(pool: PoolView, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    if (this.#trouble.get(keyOf(pool)) === reason) return;
    this.#trouble.set(keyOf(pool), reason);
    this.#logger.warn(
      { pool: keyOf(pool), reason },
      `pool ${keyOf(pool)} could not be written; trying again`,
    );
  }
}

/** Name of a pool among all. */
export function keyOf({ namespace, name }: Pick<PoolView, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}
