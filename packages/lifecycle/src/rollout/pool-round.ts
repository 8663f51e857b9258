import type { FiguresAt, PartitionPlan, PoolView, RolloutState, RolloutUpdate } from '@verdict/contracts';
import { canaryFigures, figuresAt, nextBaseline, readingsOf, waitingFor } from './canary-figures.ts';
import { nextRollout, type RolloutStep } from './next-rollout.ts';
import { inProgress, startingState } from './rollout-state.ts';
import type { KnownVersion } from './take-back.ts';

/** One look at a pool. */
export interface PoolLook {
  readonly pool: Pick<PoolView, 'spec' | 'plan' | 'partitions' | 'rollout'>;
  /** Versions of its model in the registry. */
  readonly versions: readonly KnownVersion[];
  /** When the pool was read, epoch ms. */
  readonly nowMs: number;
  /** Since when somebody looks without a gap, epoch ms. */
  readonly watchedSinceMs: number;
  /** Whether its detectors score shadows. */
  readonly shadowsScored: boolean;
}

/**
 * What is to be written of a pool now, in this order: the record of its rollout, the version states, the plan. Each of
 * them follows from the record, so that whoever writes may end between any two of them: the next look asks for the rest.
 */
export interface PoolRound {
  /** To be stored against `pool.rollout.revision`; null when the stored one stands. */
  readonly update: RolloutUpdate | null;
  readonly versionStates: RolloutStep['versionStates'];
  /** To be written against `pool.plan.revision`; null when the one in force is as wanted. */
  readonly plan: Record<string, PartitionPlan> | null;
  /** Whether a candidate is on its way. */
  readonly inProgress: boolean;
}

/** The next step of a pool's rollouts, from what is stored and read of it alone. */
export function poolRound({ pool, versions, nowMs, watchedSinceMs, shadowsScored }: PoolLook): PoolRound {
  const { spec, plan, rollout } = pool;
  const known = rollout.state ?? startingState(plan, nowMs);
  const stored = countedFrom(known, rollout.baseline, nowMs);
  const now = figuresAt(pool, nowMs);
  const figures = canaryFigures({
    state: stored,
    baseline: rollout.baseline,
    now,
    waiting: waitingFor(pool, stored.candidate ?? 0),
    watchedSinceMs,
  });
  const step = nextRollout(stored, {
    nowMs,
    spec: spec.rollout,
    shadowsScored,
    plan,
    partitions: pool.partitions.map(({ partition }) => partition),
    readings: readingsOf(pool),
    versions,
    figures,
    commands: rollout.commands,
  });
  const { state, events } = step;
  const baseline = nextBaseline(state, rollout.baseline, now);
  const stands = state === known && baseline === rollout.baseline && events.length === 0;
  return {
    update: stands ? null : { state, baseline, events },
    versionStates: step.versionStates,
    plan: step.plan,
    inProgress: inProgress(state),
  };
}

/** A rollout whose baseline is not there is judged from now on. */
function countedFrom(state: RolloutState, baseline: FiguresAt | null, nowMs: number): RolloutState {
  if (!inProgress(state) || baseline?.atMs === state.analysedToMs) return state;
  return { ...state, analysedToMs: nowMs };
}
