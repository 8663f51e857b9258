import type { RolloutState } from '@verdict/contracts';
import { inProgress } from '@verdict/lifecycle';
import { atSecond } from '../../resources/condition.ts';
import type { DetectorPoolStatus } from '../../resources/detector-pool-status.ts';
import { discreet } from '../../resources/status-fields.ts';

type RolloutStatus = NonNullable<DetectorPoolStatus['rollout']>;

const mostAnalyses = 10;
const mostReasons = 10;
const mostAborted = 50;

/** Where a rollout stands, as the status of a pool tells it. */
export function rolloutStatus(
  state: RolloutState,
  { steps, partitions }: { readonly steps: number; readonly partitions: number },
): RolloutStatus {
  const { phase, champion, candidate, paused, failures, analyses, aborted, lastAbort } = state;
  const under = inProgress(state);
  return {
    phase,
    text: discreet(rolloutText(state, { steps, partitions }), 100),
    champion,
    ...(candidate === null ? {} : { candidate }),
    ...(phase === 'step' ? { step: Math.min(state.step + 1, steps) } : {}),
    ...(under ? { steps } : {}),
    // A rollout that never was has no beginning.
    ...(phase === 'idle' ? {} : { phaseSince: atSecond(state.phaseSinceMs) }),
    ...(paused === null ? {} : { paused: paused.by }),
    ...(under ? { failures } : {}),
    ...(analyses.length === 0
      ? {}
      : {
          analyses: analyses.slice(-mostAnalyses).map(({ atMs, passed, reasons }) => ({
            at: atSecond(atMs),
            passed,
            reasons: reasons.slice(0, mostReasons).map((reason) => discreet(reason, 512)),
          })),
        }),
    ...(aborted.length === 0 ? {} : { aborted: aborted.slice(-mostAborted) }),
    ...(lastAbort === null
      ? {}
      : {
          lastAbort: {
            version: lastAbort.version,
            at: atSecond(lastAbort.atMs),
            reason: discreet(lastAbort.reason, 2048),
            asked: lastAbort.asked,
          },
        }),
  };
}

/** `v4 step 2 of 3 (4/8)`, `v4 in shadow`, `v4 serves`, `v4 taken back`, `idle`; with `, paused` behind it. */
export function rolloutText(
  state: RolloutState,
  { steps, partitions }: { readonly steps: number; readonly partitions: number },
): string {
  const text = (): string => {
    switch (state.phase) {
      case 'shadow':
        return `v${state.candidate} in shadow`;
      case 'step':
        return `v${state.candidate} step ${state.step + 1} of ${steps} (${state.chosen.length}/${partitions})`;
      case 'done':
        return `v${state.champion} serves`;
      case 'aborted':
        return `v${state.lastAbort?.version} taken back`;
      default:
        return 'idle';
    }
  };
  return state.paused === null ? text() : `${text()}, paused`;
}
