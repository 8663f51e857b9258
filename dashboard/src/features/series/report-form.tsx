import { Link } from '@tanstack/react-router';
import type { Anomaly } from '@verdict/contracts';
import { useState } from 'react';
import { useReportMissed } from '../../api/missed.ts';
import { Button } from '../../components/button.tsx';
import type { TimeBounds } from '../../components/charts/chart-marks.ts';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TextField } from '../../components/text-field.tsx';
import { fromLocalInput, toLocalInput } from '../../lib/local-time-input.ts';
import { foundWithin, stretchProblem } from '../../lib/missed-text.ts';
import { formatDateTime } from '../../lib/time-text.ts';
import styles from './selection.module.css';

/** The report of a missed anomaly: from, to and, if one likes, why. The fields and the marked stretch are one. */
export function ReportForm(props: {
  series: string;
  selection: TimeBounds;
  anomalies: readonly Anomaly[];
  onSelect: (selection: TimeBounds) => void;
  onCancel: () => void;
  onReported: (reportId: string) => void;
}) {
  const { series, selection } = props;
  const report = useReportMissed();
  const [reason, setReason] = useState('');
  // What is being typed and means no time yet.
  const [draft, setDraft] = useState<{ fromMs?: string; toMs?: string }>({});
  const unfinished = draft.fromMs !== undefined || draft.toMs !== undefined;
  const problem = unfinished ? 'Give both times in full.' : stretchProblem(selection, Date.now());
  const found = foundWithin(props.anomalies, selection);

  const field = (label: string, which: 'fromMs' | 'toMs') => (
    <TextField
      label={label}
      type="datetime-local"
      step={1}
      required
      autoFocus={which === 'fromMs'}
      value={draft[which] ?? toLocalInput(selection[which])}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const timeMs = fromLocalInput(text);
        setDraft((known) => ({ ...known, [which]: timeMs === null ? text : undefined }));
        if (timeMs !== null) props.onSelect({ ...selection, [which]: timeMs });
      }}
    />
  );
  return (
    <form
      className={styles.form}
      aria-label="Report a missed anomaly"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem !== null || report.isPending) return;
        const request = {
          series,
          from: new Date(selection.fromMs).toISOString(),
          to: new Date(selection.toMs).toISOString(),
          reason: reason.trim() === '' ? undefined : reason.trim(),
        };
        report.mutate(request, { onSuccess: ({ reportId }) => props.onReported(reportId) });
      }}
    >
      <div className={styles.fields}>
        {field('From', 'fromMs')}
        {field('To', 'toMs')}
        <TextField
          label="Reason (optional)"
          maxLength={80}
          placeholder="What happened, in a few words"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </div>
      {report.isError && <ProblemNotice what="Your report was not taken" error={report.error} />}
      <div className={styles.send}>
        <span className={styles.note} role="status">
          {problem ??
            (found[0] === undefined
              ? 'It counts for recall, is left out of training, and new versions are tested on it.'
              : null)}
          {problem === null && found[0] !== undefined && (
            <>
              Found already:{' '}
              <Link to="/ui/inbox" search={{ series, anomaly: found[0].id }}>
                {found.length === 1 ? 'an anomaly' : `${found.length} anomalies, the newest`} of{' '}
                {formatDateTime(Date.parse(found[0].start))}
              </Link>
              . You may answer there, or report it all the same.
            </>
          )}
        </span>
        <Button onClick={props.onCancel}>Cancel</Button>
        <Button kind="primary" type="submit" disabled={problem !== null || report.isPending}>
          {report.isPending ? 'Sending…' : 'Send the report'}
        </Button>
      </div>
    </form>
  );
}
