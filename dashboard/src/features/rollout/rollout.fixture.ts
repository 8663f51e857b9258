import { noCanaryTotals, RolloutSpec, type RolloutState } from '@verdict/contracts';

/** Three steps of 20 s. */
export const spec = RolloutSpec.parse({
  steps: [
    { share: 0.01, pauseSeconds: 20 },
    { share: 0.5, pauseSeconds: 20 },
    { share: 1, pauseSeconds: 20 },
  ],
});

/** Version 2 is in its first step since 100 s after 1970, on partition 3 of 8. */
export function rolloutState(more: Partial<RolloutState> = {}): RolloutState {
  return {
    phase: 'step',
    champion: 1,
    candidate: 2,
    step: 0,
    chosen: ['3'],
    before: {},
    fallback: 0,
    phaseSinceMs: 100_000,
    analysedToMs: 100_000,
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
    ...more,
  };
}
