import { noCanaryTotals, type RolloutState } from '@verdict/contracts';

/** A rollout in its first step, on partition `3`. */
export function rolloutState(change: Partial<RolloutState> = {}): RolloutState {
  const figures = {
    phaseSinceMs: 1,
    analysedToMs: 1,
    passedInPhase: 0,
    passed: noCanaryTotals,
    failures: 0,
    analyses: [],
  };
  return {
    phase: 'step',
    champion: 0,
    candidate: 1,
    step: 0,
    chosen: ['3'],
    before: { '3': { version: 0, shadow: null, fallback: null } },
    fallback: null,
    ...figures,
    waitingSaid: false,
    paused: null,
    aborted: [],
    lastAbort: null,
    reinstated: null,
    handledCommands: [],
    ...change,
  };
}
