import type { PartitionPlan, Plan, RolloutState } from '@verdict/contracts';
import { inOrder } from './choose-partitions.ts';
import { inProgress } from './rollout-state.ts';

type Partitions = Readonly<Record<string, PartitionPlan>>;

/** Every partition that is known: of the hub, in the plan, or in the plan before. */
export function knownPartitions(state: RolloutState, partitions: readonly string[], plan: Plan): string[] {
  // A hub that does not answer just now must not make planned partitions disappear.
  const planned = [...Object.keys(plan.partitions), ...Object.keys(state.before)];
  return inOrder([...partitions, ...planned, ...state.chosen]);
}

/** What a plan is made for. */
export interface Planned {
  /** Partitions of the data hub, as far as they are known. */
  readonly partitions: readonly string[];
  /** The plan in force. */
  readonly plan: Plan;
  /** Whether a version is scored beside the one that serves, during a rollout. */
  readonly withShadow: boolean;
}

/**
 * The plan that belongs to a state. Shadow: the champion serves, the candidate is scored beside it. Step: the
 * candidate serves the chosen partitions with the champion beside it, so that going back finds warm state, and the
 * champion the others as in shadow. Aborted: exactly the plan before. Else the champion serves alone.
 */
export function wantedPlan(
  state: RolloutState,
  { partitions, plan, withShadow }: Planned,
): Record<string, PartitionPlan> {
  const wanted: Record<string, PartitionPlan> = {};
  for (const partition of knownPartitions(state, partitions, plan)) {
    const one = inProgress(state)
      ? duringRollout(state, partition, withShadow)
      : atRest(state, partition, plan.partitions[partition]);
    if (one) wanted[partition] = one;
  }
  return wanted;
}

function duringRollout(
  state: RolloutState & { candidate: number },
  partition: string,
  withShadow: boolean,
): PartitionPlan {
  const { champion, candidate } = state;
  if (state.chosen.includes(partition))
    return { version: candidate, shadow: withShadow ? champion : null, fallback: champion };
  const fallback = usable(state, state.before[partition]?.fallback ?? null);
  return { version: champion, shadow: withShadow ? candidate : null, fallback };
}

/** Null for a partition that need not be in the plan: unnamed ones serve version 0. */
function atRest(state: RolloutState, partition: string, present?: PartitionPlan): PartitionPlan | null {
  const { champion, fallback, phase } = state;
  const before = phase === 'aborted' ? state.before[partition] : undefined;
  if (before) return { ...before, fallback: usable(state, before.fallback) };
  if (champion === 0 && (phase === 'aborted' || !present)) return null;
  const kept = present?.version === champion ? present.fallback : fallback;
  return { version: champion, shadow: null, fallback: usable(state, kept) };
}

/** A fallback that was itself taken back, or that is the champion now, gives way to the state's. */
function usable({ champion, aborted, fallback }: RolloutState, kept: number | null): number | null {
  return kept === champion || (kept !== null && aborted.includes(kept)) ? fallback : kept;
}

/** Whether two plans say the same. */
export function samePartitions(a: Partitions, b: Partitions): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [one, other] = [a[name], b[name]];
    return (
      one?.version === other?.version && one?.shadow === other?.shadow && one?.fallback === other?.fallback
    );
  });
}
