import type { MissedReport } from '@verdict/contracts';
import { useCallback, useEffect, useState } from 'react';
import type { TimeBounds } from '../../components/charts/chart-marks.ts';
import { useKeyAction } from '../../components/use-key-action.ts';

/** The stretch that is marked on the charts of a series, and the report that may come of it. */
export function useSelection(reports: readonly MissedReport[] | undefined) {
  const [selection, setSelection] = useState<TimeBounds | null>(null);
  const [reporting, setReporting] = useState(false);
  const [sent, setSent] = useState<string | null>(null);
  const clear = useCallback(() => {
    setSelection(null);
    setReporting(false);
  }, []);
  // Once it is listed it is awaited no longer; taken back later, it must not seem to be on its way again.
  useEffect(() => {
    if (reports?.some((report) => report.id === sent)) setSent(null);
  }, [reports, sent]);
  useKeyAction({ close: selection === null ? undefined : clear });
  return {
    selection,
    /** The form is open. */
    reporting,
    /** Id of a report that was sent and is not listed yet; null = none. */
    sent,
    select: setSelection,
    clear,
    /** Opens the form, for `suggestion` where nothing is marked. */
    report: (suggestion: TimeBounds) => {
      setSelection((known) => known ?? suggestion);
      setReporting(true);
    },
    /** A report was taken. */
    done: (reportId: string) => {
      setSent(reportId);
      clear();
    },
  };
}
