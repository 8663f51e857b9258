import type { Anomaly } from '@verdict/contracts';
import { Button, IconButton } from '../../components/button.tsx';
import type { TimeBounds } from '../../components/charts/chart-marks.ts';
import { TimeText } from '../../components/time-text.tsx';
import { formatDuration } from '../../lib/time-text.ts';
import { ReportForm } from './report-form.tsx';
import styles from './selection.module.css';

/** What can be done with the stretch that is selected: look closer, or say that it was an anomaly. */
export function SelectionBar(props: {
  series: string;
  selection: TimeBounds;
  anomalies: readonly Anomaly[];
  reporting: boolean;
  /** Undefined for those who may not report. */
  onReport: (() => void) | undefined;
  onSelect: (selection: TimeBounds) => void;
  onZoom: (bounds: TimeBounds) => void;
  onClose: () => void;
  onReported: (reportId: string) => void;
}) {
  const { selection } = props;
  const lastsMs = selection.toMs - selection.fromMs;
  return (
    <section className={styles.bar} aria-label="Selection">
      <div className={styles.head}>
        <span className={styles.what} role="status">
          Selected <TimeText at={selection.fromMs} /> to <TimeText at={selection.toMs} form="clock" />
          {lastsMs >= 0 && <span className={styles.muted}> · {formatDuration(lastsMs)}</span>}
        </span>
        <span className={styles.actions}>
          <Button icon="search" disabled={lastsMs < 1000} onClick={() => props.onZoom(selection)}>
            Zoom to selection
          </Button>
          {props.onReport !== undefined && (
            <Button icon="flag" aria-expanded={props.reporting} onClick={props.onReport}>
              This was an anomaly
            </Button>
          )}
          <IconButton icon="close" label="Clear the selection" onClick={props.onClose} />
        </span>
      </div>
      {props.reporting && props.onReport !== undefined && (
        <ReportForm
          series={props.series}
          selection={selection}
          anomalies={props.anomalies}
          onSelect={props.onSelect}
          onCancel={props.onClose}
          onReported={props.onReported}
        />
      )}
    </section>
  );
}
