import type { RolloutSpec, RolloutState } from '@verdict/contracts';
import { formatShare } from '../../lib/quantity.ts';
import { formatDuration } from '../../lib/time-text.ts';
import { versionText } from '../../lib/version-text.ts';

/** A station on a rollout's way. */
export interface RolloutStation {
  readonly key: string;
  readonly title: string;
  readonly about: string;
  /** `asked` is what the spec of the pool says, while no rollout is on its way. */
  readonly state: 'done' | 'now' | 'next' | 'asked';
}

/** The stations of a rollout in order, as the spec of the pool asks for them. */
export function stationsOf(
  state: Pick<RolloutState, 'phase' | 'step'>,
  spec: RolloutSpec,
  partitions: number,
): RolloutStation[] {
  const under = state.phase === 'shadow' || state.phase === 'step';
  const at = state.phase === 'shadow' ? -1 : state.step;
  const stateOf = (index: number): RolloutStation['state'] => {
    if (!under) return state.phase === 'done' ? 'done' : 'asked';
    return index < at ? 'done' : index === at ? 'now' : 'next';
  };
  const shadow: RolloutStation[] =
    spec.shadowSeconds === 0 && state.phase !== 'shadow'
      ? []
      : [
          {
            key: 'shadow',
            title: 'Shadow',
            about: `scored beside the champion for ${formatDuration(spec.shadowSeconds * 1000)}`,
            state: stateOf(-1),
          },
        ];
  const steps = spec.steps.map(({ share, pauseSeconds }, index) => ({
    key: `step-${index}`,
    title: `Step ${index + 1} of ${spec.steps.length}`,
    about: `${formatShare(share)}: ${Math.ceil(share * partitions - 1e-9)} of ${partitions} partitions, at least ${formatDuration(pauseSeconds * 1000)}`,
    state: stateOf(index),
  }));
  return [...shadow, ...steps];
}

/** What a rollout on its way waits for. */
export interface Awaited {
  /** Time of the phase that is over, 0 to 1. */
  readonly share: number;
  readonly text: string;
}

/** How far the present phase is, and what has to happen before the next one; null while none is on its way. */
export function awaitedBy(state: RolloutState, spec: RolloutSpec, nowMs: number): Awaited | null {
  if (state.candidate === null) return null;
  const seconds = state.phase === 'shadow' ? spec.shadowSeconds : (spec.steps[state.step]?.pauseSeconds ?? 0);
  const lengthMs = seconds * 1000;
  const untilMs = state.paused === null ? nowMs : state.paused.sinceMs;
  const goneMs = Math.min(lengthMs, Math.max(0, untilMs - state.phaseSinceMs));
  const leftMs = lengthMs - goneMs;
  const left = leftMs > 0 ? `${formatDuration(Math.ceil(leftMs / 1000) * 1000)} of the pause left` : null;
  const need =
    state.passedInPhase > 0
      ? null
      : state.waitingSaid
        ? `too few readings to judge by yet (at least ${spec.analysis.minimumReadings})`
        : 'an analysis has to pass first';
  const waits = [left, need].filter((one) => one !== null);
  const text = waits.length === 0 ? 'goes on at the next look' : waits.join('; ');
  const share = lengthMs === 0 ? 1 : goneMs / lengthMs;
  if (state.paused === null) return { share, text: capital(text) };
  const by = state.paused.by === 'spec' ? 'Paused by the spec of the pool' : 'Paused by command';
  return { share, text: `${by}: it goes no further until it is resumed; ${text}` };
}

/** Where the rollouts of a pool stand, in a sentence. */
export function standingText(state: RolloutState | null, steps: number): string {
  if (state === null) return 'No rollout has begun yet.';
  const { candidate, champion, phase } = state;
  if (candidate !== null) {
    const where = phase === 'shadow' ? 'scored beside it' : `step ${state.step + 1} of ${steps}`;
    const how = state.paused === null ? 'is rolled out' : 'is held';
    return capital(`${versionText(candidate)} ${how} against ${versionText(champion)}: ${where}.`);
  }
  const rest = state.paused === null ? '' : ' Rollouts are paused: nothing new starts.';
  if (phase === 'done')
    return capital(`${versionText(champion)} came through and serves every partition.${rest}`);
  if (phase === 'aborted' && state.lastAbort !== null)
    return capital(
      `${versionText(state.lastAbort.version)} was taken back; ${versionText(champion)} serves.${rest}`,
    );
  return capital(`${versionText(champion)} serves; no rollout is on its way.${rest}`);
}

/** Begins a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
