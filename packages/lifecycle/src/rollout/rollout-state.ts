import type { PartitionPlan, Plan } from '@verdict/contracts';

/** One look at the candidate. */
export interface Analysis {
  readonly atMs: number;
  readonly passed: boolean;
  readonly reasons: readonly string[];
}

/**
 * Where a pool's rollout stands. Plain JSON: whoever runs the rollout stores it before writing the plan that belongs
 * to it, and can go on from it after any crash.
 */
export interface RolloutState {
  /** `aborted` and `done` are `idle` with a memory of how the last rollout ended. */
  readonly phase: 'idle' | 'shadow' | 'step' | 'done' | 'aborted';
  /** Version that serves, or is returned to. */
  readonly champion: number;
  /** Version that is rolled out in `shadow` and `step`; null otherwise. */
  readonly candidate: number | null;
  /** Index of the step in `step`. */
  readonly step: number;
  /** Partitions that the candidate serves; only grows during a rollout. */
  readonly chosen: readonly string[];
  /** The plan before the rollout, to which an abort returns. */
  readonly before: Readonly<Record<string, PartitionPlan>>;
  /** Version that takes partitions of the champion when nobody can serve that. */
  readonly fallback: number | null;
  /** Start of the present phase, moved on by the length of pauses. */
  readonly phaseSinceMs: number;
  /** Figures from here on are judged next. */
  readonly analysedToMs: number;
  readonly passedInPhase: number;
  /** Failed analyses of this rollout. */
  readonly failures: number;
  /** Newest last, at most 50, of the newest rollout. */
  readonly analyses: readonly Analysis[];
  /** Whether it was said that too few readings come to judge by. */
  readonly waitingSaid: boolean;
  readonly paused: { readonly sinceMs: number; readonly by: 'command' | 'spec' } | null;
  /** Versions that were taken back: never tried again by themselves. Ascending. */
  readonly aborted: readonly number[];
  readonly lastAbort: { readonly version: number; readonly atMs: number; readonly reason: string } | null;
  /** A taken-back version that somebody put in again, until the registry knows. */
  readonly reinstated: number | null;
  /** Ids of the newest commands that were obeyed, at most 20. */
  readonly handledCommands: readonly string[];
}

/** Something that happened, for events, logs and the dashboard. */
export interface RolloutEvent {
  readonly reason:
    | 'RolloutStarted'
    | 'StepStarted'
    | 'AnalysisFailed'
    | 'WaitingForReadings'
    | 'Promoted'
    | 'TakenBack'
    | 'RolledBack'
    | 'Paused'
    | 'Resumed'
    | 'CommandRefused';
  readonly message: string;
}

/** A transition: the state after it and what to say of it. */
export interface Transition {
  readonly state: RolloutState;
  readonly events: readonly RolloutEvent[];
}

/** The state of a pool whose rollouts begin with this plan: the version of most partitions is the champion. */
export function startingState(plan: Plan, nowMs: number): RolloutState {
  const planned = Object.values(plan.partitions);
  const counts = new Map<number, number>();
  for (const { version } of planned) counts.set(version, (counts.get(version) ?? 0) + 1);
  const [champion = 0] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] ?? [];
  const kept = planned.find(
    ({ version, fallback }) => version === champion && fallback !== null && fallback !== champion,
  );
  return {
    phase: 'idle',
    champion,
    candidate: null,
    step: 0,
    chosen: [],
    before: {},
    fallback: kept?.fallback ?? (champion > 0 ? 0 : null),
    phaseSinceMs: nowMs,
    analysedToMs: nowMs,
    passedInPhase: 0,
    failures: 0,
    analyses: [],
    waitingSaid: false,
    paused: null,
    aborted: [],
    lastAbort: null,
    reinstated: null,
    handledCommands: [],
  };
}

/** Whether a candidate is on its way. */
export function inProgress(state: RolloutState): state is RolloutState & { readonly candidate: number } {
  return state.candidate !== null;
}

/** The phase in words: `idle`, `shadow`, `step 2 of 3`, `paused in shadow`, … */
export function phaseText(state: RolloutState, steps: number): string {
  const phase = state.phase === 'step' ? `step ${state.step + 1} of ${steps}` : state.phase;
  if (state.paused === null) return phase;
  return inProgress(state) ? `paused in ${phase}` : 'paused';
}
