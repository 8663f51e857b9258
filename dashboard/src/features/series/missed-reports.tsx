import type { MissedReport } from '@verdict/contracts';
import { type useMissed, useWithdrawMissed } from '../../api/missed.ts';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { stretchLength } from '../../lib/missed-text.ts';
import styles from './series.module.css';

/** What people reported as missed in this range, with who and when; one's own (an admin's: any) can be taken back. */
export function MissedReports(props: {
  query: ReturnType<typeof useMissed>;
  person: string;
  mayReport: boolean;
  isAdmin: boolean;
  /** A report that was sent and is not listed yet. */
  awaited: string | null;
}) {
  const { query, person } = props;
  const withdraw = useWithdrawMissed();
  const items = query.data ?? [];
  if (query.isError && query.data === undefined) {
    return (
      <ProblemNotice
        what="The reports of missed anomalies could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.isPending) return null;
  const waiting = props.awaited !== null && !items.some((item) => item.id === props.awaited);
  const leaving = withdraw.isPending || withdraw.isSuccess ? withdraw.variables : undefined;
  return (
    <section aria-label="Reported as missed">
      <h3>Reported as missed</h3>
      {items.length === 0 && !waiting && (
        <p className={styles.muted}>
          None.{' '}
          {props.mayReport &&
            'Was something odd that Verdict did not find? Drag across a chart, then say “This was an anomaly”.'}
        </p>
      )}
      {waiting && (
        <p className={styles.muted} role="status">
          Your report is kept and shows here within seconds…
        </p>
      )}
      {withdraw.isError && (
        <ProblemNotice what="Your report could not be taken back" error={withdraw.error} />
      )}
      <ul className={styles.reports} aria-label="Missed anomalies">
        {items.map((report) => (
          <li key={report.id}>
            <Report report={report} mine={report.person === person} />
            {(props.isAdmin || (report.person === person && props.mayReport)) && (
              <Button
                kind="quiet"
                icon="undo"
                disabled={leaving === report.id}
                onClick={() => withdraw.mutate(report.id)}
              >
                {leaving === report.id ? 'Taking it back…' : 'Take back'}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Report({ report, mine }: { report: MissedReport; mine: boolean }) {
  return (
    <>
      <span className={styles.flag}>
        <Icon name="flag" size={14} />
      </span>
      <span>
        <TimeText at={report.from} /> to <TimeText at={report.to} form="clock" />{' '}
        <span className={styles.muted}>({stretchLength(report)})</span>
      </span>
      <span>
        <strong>{mine ? 'You' : report.person}</strong>
        {report.reason !== null && `: ${report.reason}`}
        {report.comment !== null && report.comment !== '' && <q>{report.comment}</q>}{' '}
        <span className={styles.muted}>
          · reported <TimeText at={report.at} />
        </span>
      </span>
    </>
  );
}
