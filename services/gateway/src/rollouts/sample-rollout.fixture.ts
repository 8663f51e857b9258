import { noCanaryTotals, type RolloutState } from '@verdict/contracts';

/** A rollout of version 1 in its first step, with what is to differ. */
export function sampleRollout(change: Partial<RolloutState> = {}): RolloutState {
  return {
    phase: 'step',
    champion: 0,
    candidate: 1,
    step: 0,
    chosen: ['0'],
    before: {},
    fallback: 0,
    phaseSinceMs: 1000,
    analysedToMs: 1000,
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
    ...change,
  };
}
