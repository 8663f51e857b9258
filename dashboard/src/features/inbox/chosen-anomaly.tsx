import type { Anomaly } from '@verdict/contracts';
import type { ReactNode } from 'react';
import { useAnomaly } from '../../api/anomalies.ts';
import { BackLink } from '../../components/back-link.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { AnomalyDetail } from './anomaly-detail.tsx';
import styles from './inbox.module.css';

/** The chosen anomaly: as the list has it, else read by itself (a link to an old one). */
export function ChosenAnomaly(props: {
  id: string;
  signal: string | undefined;
  listed: Anomaly | undefined;
  /** The list is still being read and may hold it. */
  waiting: boolean;
  /** Stands above it. */
  why?: ReactNode;
  onAnswered?: (anomaly: Anomaly) => void;
}) {
  const alone = useAnomaly(props.id, props.listed === undefined && !props.waiting);
  const anomaly = props.listed ?? alone.data;
  return (
    <>
      <div className={styles.above}>
        <BackLink
          from="/ui/inbox"
          to="/ui/inbox"
          search={(known) => ({ ...known, anomaly: undefined, signal: undefined })}
        >
          Inbox
        </BackLink>
      </div>
      {props.why}
      {anomaly !== undefined && (
        <AnomalyDetail anomaly={anomaly} signal={props.signal} onAnswered={props.onAnswered} />
      )}
      {anomaly === undefined && alone.isError && (
        <div className={styles.problem}>
          <ProblemNotice
            what="This anomaly could not be read"
            error={alone.error}
            onRetry={() => void alone.refetch()}
          />
        </div>
      )}
      {anomaly === undefined && !alone.isError && <LoadingState what="the anomaly" />}
    </>
  );
}
