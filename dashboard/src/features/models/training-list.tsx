import type { TrainingRunView } from '@verdict/contracts';
import { TimeText } from '../../components/time-text.tsx';
import { formatDuration } from '../../lib/time-text.ts';
import { versionName } from '../../lib/version-text.ts';
import { decisionText, evaluationReasons } from './evaluation-reasons.ts';
import styles from './models.module.css';
import { ReasonList } from './reason-list.tsx';
import { TrainingStateWord } from './state-word.tsx';
import { triggerText } from './trigger-text.ts';

/** Longer messages are behind a fold. */
const mostLetters = 160;

/** The newest trainings, why each was started and what came of it. */
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
            <div>
              <p>
                {run.version !== null && <strong>Brought {versionName(run.version)}. </strong>}
                Started because {triggerText(run.triggerId)}.
              </p>
              <Message run={run} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Message({ run: { message, state } }: { run: TrainingRunView }) {
  if (message.length <= mostLetters) return <p className={styles.muted}>{message}</p>;
  // A judgement is written as its sentences, one after the other.
  const sentences = message.split(/; (?=(?:passed|refused|note): )/);
  if (sentences.length === 1)
    return (
      <details>
        <summary className={styles.fold}>{message.slice(0, mostLetters)}…</summary>
        <p className={styles.muted}>{message}</p>
      </details>
    );
  return (
    <details>
      <summary className={styles.fold}>
        {decisionText({ accepted: state === 'succeeded', reasons: sentences })}
      </summary>
      <ReasonList label="What it was judged by" reasons={evaluationReasons(sentences)} />
    </details>
  );
}
