import type { CurrentVerdict } from '@verdict/contracts';
import { Icon } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { uncountedText } from '../../lib/flood-text.ts';
import { answersOf, shareText } from '../../lib/receipt-text.ts';
import styles from './detail.module.css';

/** Who said what; disagreement is said in words, with its share. */
export function VerdictList({ verdicts, person }: { verdicts: readonly CurrentVerdict[]; person: string }) {
  const share = shareText(answersOf(verdicts));
  return (
    <div className={styles.given}>
      <h3>Who said what</h3>
      {verdicts.length === 0 && <p className={styles.muted}>Nobody has answered yet.</p>}
      {share !== null && (
        <p className={styles.disputed}>
          <Icon name="person" size={14} /> People disagree: {share}.
        </p>
      )}
      {verdicts.length > 0 && (
        <ul className={styles.given} aria-label="Verdicts">
          {verdicts.map((given) => (
            <li key={given.person}>
              <Icon name={given.verdict === 'true' ? 'check' : 'false'} />
              <strong>{given.person === person ? 'You' : given.person}</strong>
              <span>{given.verdict === 'true' ? 'said true anomaly' : 'said false alarm'}</span>
              {given.reason !== null && <span>({given.reason})</span>}
              {given.uncounted !== undefined && (
                <span className={styles.muted}>({uncountedText(given)})</span>
              )}
              <span className={styles.when}>
                <TimeText at={given.at} />
              </span>
              {given.comment !== null && given.comment !== '' && <q>{given.comment}</q>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
