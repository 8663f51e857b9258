import type { Anomaly } from '@verdict/contracts';
import { usePendingVerdict } from '../../api/services.ts';
import { Icon } from '../../components/icon.tsx';
import { ListLink } from '../../components/list-link.tsx';
import { SeverityMark } from '../../components/severity-mark.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { headlineOf, lastedText } from '../../lib/anomaly-sentence.ts';
import styles from './list.module.css';
import { verdictSummary } from './verdict-summary.ts';

/** One anomaly in the list; the whole row is a link to it. */
export function AnomalyRow(props: { anomaly: Anomaly; chosen: boolean; unread: boolean; grouped: boolean }) {
  const { anomaly } = props;
  const pending = usePendingVerdict(anomaly.id);
  const main = anomaly.signals[0];
  const given = verdictSummary(anomaly.verdicts, pending);
  return (
    <ListLink
      from="/ui/inbox"
      to="/ui/inbox"
      search={(known) => ({ ...known, anomaly: anomaly.id, signal: undefined })}
      className={styles.row}
      chosen={props.chosen}
      data-unread={props.unread}
      data-grouped={props.grouped}
    >
      {props.unread ? (
        <span className={styles.unread} role="img" aria-label="unread" />
      ) : (
        <span aria-hidden="true" />
      )}
      <span className={styles.series}>
        {anomaly.series}
        {main !== undefined && <span className={styles.signal}> {main.signal}</span>}
      </span>
      <span className={styles.time}>
        <TimeText at={anomaly.start} form="clock" />
      </span>
      <span className={styles.headline}>
        <SeverityMark score={anomaly.peak.score} />
        <span>{headlineOf(main)}</span>
      </span>
      <span className={styles.marks}>
        {given !== null && (
          <span className={styles.given}>
            <Icon name={given.icon} size={12} />
            {given.text}
          </span>
        )}
        {anomaly.state === 'open' ? (
          <span className={styles.open}>open</span>
        ) : (
          <span>{lastedText(anomaly)}</span>
        )}
      </span>
    </ListLink>
  );
}
