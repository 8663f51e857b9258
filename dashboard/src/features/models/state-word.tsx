import type { TrainingRunView, VersionState } from '@verdict/contracts';
import { Icon, type IconName } from '../../components/icon.tsx';
import styles from './models.module.css';

type Tone = 'good' | 'bad' | 'busy' | 'past';

const versionLook: Record<VersionState, { icon: IconName; tone: Tone }> = {
  candidate: { icon: 'more', tone: 'busy' },
  accepted: { icon: 'check', tone: 'good' },
  refused: { icon: 'false', tone: 'bad' },
  aborted: { icon: 'undo', tone: 'bad' },
  retired: { icon: 'open', tone: 'past' },
};

const trainingLook: Record<TrainingRunView['state'], { icon: IconName; tone: Tone }> = {
  running: { icon: 'more', tone: 'busy' },
  succeeded: { icon: 'check', tone: 'good' },
  refused: { icon: 'false', tone: 'bad' },
  failed: { icon: 'warning', tone: 'bad' },
};

function StateWord({ look, text }: { look: { icon: IconName; tone: Tone }; text: string }) {
  return (
    <span className={styles.state}>
      <span className={styles[look.tone]}>
        <Icon name={look.icon} size={14} />
      </span>
      {text}
    </span>
  );
}

/** State of a version; the one that serves says so. */
export function VersionStateWord({ state, serving }: { state: VersionState; serving: boolean }) {
  return <StateWord look={versionLook[state]} text={serving ? 'serving' : state} />;
}

/** State of a training. */
export function TrainingStateWord({ state }: { state: TrainingRunView['state'] }) {
  return <StateWord look={trainingLook[state]} text={state} />;
}
