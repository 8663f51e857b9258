import type { RolloutState } from '@verdict/contracts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { versionMark } from '../../lib/version-text.ts';
import styles from './rollout.module.css';

/** Where the rollouts of a pool stand, as short as a list has room for, with a drawing. */
export function PhaseWord({ state, steps }: { state: RolloutState | null; steps: number }) {
  const { icon, tone, text } = lookOf(state, steps);
  return (
    <span className={styles.phase} data-tone={tone}>
      <Icon name={icon} size={14} />
      {text}
    </span>
  );
}

function lookOf(
  state: RolloutState | null,
  steps: number,
): { icon: IconName; tone: 'busy' | 'good' | 'bad' | 'past'; text: string } {
  if (state === null) return { icon: 'open', tone: 'past', text: 'no rollout yet' };
  const { candidate, champion, lastAbort, paused, phase } = state;
  const held = paused === null ? '' : 'paused, ';
  if (candidate !== null) {
    const where = phase === 'shadow' ? 'shadow' : `step ${state.step + 1} of ${steps}`;
    return { icon: 'more', tone: 'busy', text: `${held}${versionMark(candidate)}: ${where}` };
  }
  if (phase === 'aborted' && lastAbort !== null)
    return { icon: 'undo', tone: 'bad', text: `${held}${versionMark(lastAbort.version)} taken back` };
  if (phase === 'done')
    return { icon: 'check', tone: 'good', text: `${held}${versionMark(champion)} promoted` };
  return { icon: 'open', tone: 'past', text: `${held}idle` };
}
