import type { RolloutState, VersionState } from '@verdict/contracts';
import type { Transition } from './rollout-state.ts';

/** A version as the registry knows it. */
export interface KnownVersion {
  readonly version: number;
  readonly state: VersionState;
}

const ascending = (versions: Iterable<number>) => [...new Set(versions)].sort((a, b) => a - b);

/** Ends a rollout with the plan before it; the candidate is remembered and never tried again by itself. */
export function takeBack(
  state: RolloutState & { readonly candidate: number },
  nowMs: number,
  reason: string,
): Transition {
  const { candidate, champion, chosen } = state;
  const message =
    chosen.length > 0
      ? `Version ${candidate} was taken back from ${chosen.length} partitions, version ${champion} serves again: ${reason}`
      : `Version ${candidate} was taken back before it served: ${reason}`;
  return {
    state: {
      ...atRest(state, nowMs),
      phase: 'aborted',
      aborted: ascending([...state.aborted, candidate]),
      lastAbort: { version: candidate, atMs: nowMs, reason, asked: false },
    },
    events: [{ reason: 'TakenBack', message }],
  };
}

/** Makes the candidate the champion; the one before stays as the fallback. */
export function promote(
  state: RolloutState & { readonly candidate: number },
  nowMs: number,
  how: string,
): Transition {
  const { candidate, champion } = state;
  const message = `Version ${candidate} serves every partition ${how}; version ${champion} is its fallback`;
  return {
    state: { ...atRest(state, nowMs), phase: 'done', champion: candidate, fallback: champion, before: {} },
    events: [{ reason: 'Promoted', message }],
  };
}

/**
 * Puts a kept version on every partition at once. Every newer one, and a candidate on its way, is remembered as taken
 * back, or it would come again by itself; the target itself is forgiven.
 */
export function rollBack(
  state: RolloutState,
  target: number,
  { nowMs, versions, reason }: { nowMs: number; versions: readonly KnownVersion[]; reason: string },
): Transition {
  const newer = versions.filter(({ version, state: known }) => version > target && known === 'accepted');
  const left = [...newer.map(({ version }) => version), state.candidate ?? 0, state.champion];
  const aborted = ascending([...state.aborted, ...left.filter((version) => version > target)]).filter(
    (version) => version !== target,
  );
  const older = versions
    .filter(({ version, state: known }) => version < target && known === 'accepted')
    .map(({ version }) => version)
    .filter((version) => !aborted.includes(version));
  const wasAborted =
    state.aborted.includes(target) ||
    versions.some((one) => one.version === target && one.state === 'aborted');
  const gone = state.candidate ?? state.champion;
  return {
    state: {
      ...atRest(state, nowMs),
      phase: 'idle',
      champion: target,
      fallback: target > 0 ? Math.max(0, ...older) : null,
      before: {},
      aborted,
      lastAbort: gone > target ? { version: gone, atMs: nowMs, reason, asked: false } : state.lastAbort,
      reinstated: wasAborted ? target : null,
    },
    events: [{ reason: 'RolledBack', message: `Every partition returns to version ${target}: ${reason}` }],
  };
}

function atRest(state: RolloutState, nowMs: number): RolloutState {
  return {
    ...state,
    candidate: null,
    step: 0,
    chosen: [],
    phaseSinceMs: nowMs,
    analysedToMs: nowMs,
    passedInPhase: 0,
    waitingSaid: false,
  };
}
