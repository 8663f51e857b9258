import type { RolloutState } from '@verdict/contracts';
import { rolloutState } from '@verdict/storage/testing';

/** A rollout of version 1 in its first step, with what is to differ. */
export function sampleRollout(change: Partial<RolloutState> = {}): RolloutState {
  const times = { phaseSinceMs: 1000, analysedToMs: 1000 };
  return rolloutState({ chosen: ['0'], before: {}, fallback: 0, ...times, ...change });
}
