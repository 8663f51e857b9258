import { noCanaryTotals, type Plan, type RolloutEvent, type RolloutState } from '@verdict/contracts';

/** A transition: the state after it and what to say of it. */
export interface Transition {
  readonly state: RolloutState;
  readonly events: RolloutEvent[];
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
    passed: noCanaryTotals,
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
export function inProgress<S extends Pick<RolloutState, 'candidate'>>(
  state: S,
): state is S & { readonly candidate: number } {
  return state.candidate !== null;
}

/** The phase in words: `idle`, `shadow`, `step 2 of 3`, `paused in shadow`, … */
export function phaseText(state: RolloutState, steps: number): string {
  const phase = state.phase === 'step' ? `step ${state.step + 1} of ${steps}` : state.phase;
  if (state.paused === null) return phase;
  return inProgress(state) ? `paused in ${phase}` : 'paused';
}
