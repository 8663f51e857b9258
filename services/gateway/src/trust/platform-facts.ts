import type { ModelTrust, RolloutState } from '@verdict/contracts';
import { championOf } from '@verdict/lifecycle';
import type { Clock } from '@verdict/process';
import type { PlanStore, RolloutStore, TrustStore } from '@verdict/storage';
import { keptAnswer } from '../kept-answer.ts';
import { keyOf, type ModelDirectory } from '../models/model-directory.ts';
import { unlessDatabaseAway } from '../unless-database-away.ts';

/** What the gauges say of models and pools. */
export interface PlatformFacts {
  readonly models: readonly {
    readonly namespace: string;
    readonly model: string;
    readonly champion: number;
    readonly trust: ModelTrust | null;
  }[];
  readonly pools: readonly {
    readonly namespace: string;
    readonly pool: string;
    readonly phase: RolloutState['phase'];
  }[];
}

/** What the facts are read from. */
export interface PlatformFactsParts {
  readonly directory: ModelDirectory;
  readonly trust: TrustStore;
  readonly plans: PlanStore;
  readonly rollouts: RolloutStore;
  readonly clock: Clock;
}

const keptMs = 5000;
/** Whoever scrapes waits for little more than this. */
const withinMs = 2000;

/**
 * Makes what reads the facts, at most every five seconds. Null while the database cannot be reached, or does not
 * answer in time: a figure that is not known is better left out than old.
 */
export function platformFacts(parts: PlatformFactsParts): () => Promise<PlatformFacts | null> {
  const { clock } = parts;
  const kept = keptAnswer(() => unlessDatabaseAway(readFacts(parts), null), keptMs, clock.monotonicMs);
  return async () => {
    const answered = new AbortController();
    const late = clock.sleep(withinMs, answered.signal).then(
      () => null,
      () => null,
    );
    try {
      return await Promise.race([kept.get(), late]);
    } finally {
      answered.abort();
    }
  };
}

async function readFacts({ directory, trust, plans, rollouts }: PlatformFactsParts): Promise<PlatformFacts> {
  const known = await directory.current();
  const models = known.models.map(async (row) => {
    const pool = known.poolKeyOfModel(keyOf(row));
    const [found, state, rollout] = await Promise.all([
      trust.get(row.namespace, row.name),
      pool === null ? null : plans.poolState(pool),
      pool === null ? null : rollouts.get(pool),
    ]);
    return {
      namespace: row.namespace,
      model: row.name,
      champion: championOf(state?.partitions.map(({ version }) => version) ?? [], rollout?.state ?? null),
      trust: found?.trust ?? null,
    };
  });
  const pools = known.pools.map(async (row) => ({
    namespace: row.namespace,
    pool: row.name,
    phase: (await rollouts.get(keyOf(row))).state?.phase ?? ('idle' as const),
  }));
  // All at once: where both fail, as in an outage, nobody would hear of the second one, and that ends the process.
  const [ofModels, ofPools] = await Promise.all([Promise.all(models), Promise.all(pools)]);
  return { models: ofModels, pools: ofPools };
}
