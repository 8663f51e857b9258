import type { CurrentVerdict } from '@verdict/contracts';
import { Icon } from '../../components/icon.tsx';
import { TimeText } from '../../components/time-text.tsx';
import styles from './detail.module.css';

/** Who said what; disagreement is said in words. */
export function VerdictList({ verdicts, person }: { verdicts: readonly CurrentVerdict[]; person: string }) {
  if (verdicts.length === 0) return null;
  const disputed = new Set(verdicts.map((given) => given.verdict)).size > 1;
  return (
    <div className={styles.given}>
      {disputed && <p className={styles.disputed}>People disagree on this one.</p>}
      <ul className={styles.given} aria-label="Verdicts">
        {verdicts.map((given) => (
          <li key={given.person}>
            <Icon name={given.verdict === 'true' ? 'check' : 'false'} />
            <strong>{given.person === person ? 'You' : given.person}</strong>
            <span>{given.verdict === 'true' ? 'said true anomaly' : 'said false alarm'}</span>
            {given.reason !== null && <span>({given.reason})</span>}
            <span className={styles.muted}>
              <TimeText at={given.at} />
            </span>
            {given.comment !== null && given.comment !== '' && <q>{given.comment}</q>}
          </li>
        ))}
      </ul>
    </div>
  );
}
