import type { TrainingRunView } from '@verdict/contracts';
import { TimeText } from '../../components/time-text.tsx';
import { formatDuration } from '../../lib/time-text.ts';
import styles from './models.module.css';
import { TrainingStateWord } from './state-word.tsx';

/** The newest trainings and what came of them. */
export function TrainingList({ trainings }: { trainings: readonly TrainingRunView[] }) {
  return (
    <section className={styles.section} aria-label="Trainings">
      <h3>Trainings</h3>
      {trainings.length === 0 && <p className={styles.muted}>None yet.</p>}
      <ul className={styles.trainings}>
        {trainings.map((run) => (
          <li key={`${run.triggerId} ${run.startedAt}`}>
            <TrainingStateWord state={run.state} />
            <span>
              <TimeText at={run.startedAt} />
            </span>
            <span className={styles.muted}>
              {run.endedAt === null
                ? 'going on'
                : formatDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}
            </span>
            <span>
              {run.version !== null && <strong>Version {run.version}. </strong>}
              {run.message} <span className={styles.muted}>(asked by {run.triggerId})</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
