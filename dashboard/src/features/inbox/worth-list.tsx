import { usePendingVerdict } from '../../api/services.ts';
import type { WorthQuestion } from '../../api/worth-asking.ts';
import { Icon } from '../../components/icon.tsx';
import { ListLink } from '../../components/list-link.tsx';
import { SeverityMark } from '../../components/severity-mark.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { headlineOf } from '../../lib/anomaly-sentence.ts';
import { verdictSummary } from './verdict-summary.ts';
import styles from './worth.module.css';

/** The questions, best first. */
export function WorthList(props: { questions: readonly WorthQuestion[]; chosenId: string | undefined }) {
  return (
    <ol className={styles.rows} aria-label="Worth your verdict">
      {props.questions.map((question) => (
        <li key={question.anomaly.id}>
          <WorthRow question={question} chosen={question.anomaly.id === props.chosenId} />
        </li>
      ))}
    </ol>
  );
}

/** One question: what was odd, and why it is asked; the whole row is a link to it. */
function WorthRow({ question, chosen }: { question: WorthQuestion; chosen: boolean }) {
  const { anomaly, reasons } = question;
  const pending = usePendingVerdict(anomaly.id);
  const given = verdictSummary(anomaly.verdicts, pending);
  const main = anomaly.signals[0];
  return (
    <ListLink
      from="/ui/inbox"
      to="/ui/inbox"
      search={(known) => ({ ...known, anomaly: anomaly.id, signal: undefined })}
      className={styles.row}
      chosen={chosen}
    >
      <span className={styles.series}>
        {anomaly.series}
        {main !== undefined && <span className={styles.signal}> {main.signal}</span>}
      </span>
      <span className={styles.time}>
        <TimeText at={anomaly.start} />
      </span>
      <span className={styles.headline}>
        <SeverityMark score={anomaly.peak.score} />
        <span>{headlineOf(main)}</span>
        {given !== null && (
          <span className={styles.given}>
            <Icon name={given.icon} size={12} /> {given.text}
          </span>
        )}
      </span>
      {reasons.length > 0 && <span className={styles.reasons}>{reasons.join(' · ')}</span>}
    </ListLink>
  );
}
