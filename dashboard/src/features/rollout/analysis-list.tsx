import type { Analysis } from '@verdict/contracts';
import { Icon } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import lists from './lists.module.css';
import styles from './rollout.module.css';

/** More than these are behind a fold. */
const mostShown = 5;

/** The looks at the candidate, newest first, with what was found. */
export function AnalysisList({ analyses }: { analyses: readonly Analysis[] }) {
  const newest = analyses.toReversed();
  const failed = analyses.filter(({ passed }) => !passed).length;
  return (
    <section className={styles.section} aria-label="Analyses">
      <h3>Analyses</h3>
      {newest.length === 0 ? (
        <p className={styles.muted}>None yet: the first one comes when a version has served for a while.</p>
      ) : (
        <p className={styles.muted}>
          Of the newest rollout: {newest.length - failed} passed, {failed} failed.
        </p>
      )}
      <Rows analyses={newest.slice(0, mostShown)} />
      {newest.length > mostShown && (
        <details>
          <summary className={lists.fold}>{newest.length - mostShown} earlier</summary>
          <Rows analyses={newest.slice(mostShown)} />
        </details>
      )}
    </section>
  );
}

function Rows({ analyses }: { analyses: readonly Analysis[] }) {
  if (analyses.length === 0) return null;
  return (
    <ol className={lists.list}>
      {analyses.map((analysis) => (
        <li key={`${analysis.atMs} ${analysis.reasons.join()}`}>
          <span className={styles.phase} data-tone={analysis.passed ? 'good' : 'bad'}>
            <Icon name={analysis.passed ? 'check' : 'false'} size={14} />
            {analysis.passed ? 'passed' : 'failed'}
          </span>
          <TimeText at={analysis.atMs} />
          <ul className={analysis.passed ? styles.muted : lists.reasons}>
            {analysis.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
