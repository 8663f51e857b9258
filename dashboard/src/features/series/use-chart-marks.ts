import type { Anomaly, MissedReport } from '@verdict/contracts';
import { useMemo } from 'react';
import type { ChartMarks, TimeBounds } from '../../components/charts/chart-marks.ts';

/** What the charts of a series mark: its anomalies, what people reported as missed, and the selection. */
export function useChartMarks(parts: {
  anomalies: readonly Anomaly[] | undefined;
  reports: readonly MissedReport[] | undefined;
  person: string;
  selection: TimeBounds | null;
  onSelect: (bounds: TimeBounds) => void;
}): ChartMarks {
  const { anomalies, reports, person, selection, onSelect } = parts;
  return useMemo(
    () => ({
      anomalies: (anomalies ?? []).map((anomaly) => ({
        id: anomaly.id,
        startMs: Date.parse(anomaly.start),
        endMs: Date.parse(anomaly.end),
        chosen: false,
      })),
      missed: (reports ?? []).map((report) => ({
        id: report.id,
        startMs: Date.parse(report.from),
        endMs: Date.parse(report.to),
        who: report.person === person ? 'you' : report.person,
        atMs: Date.parse(report.at),
      })),
      selection,
      onSelect,
    }),
    [anomalies, reports, person, selection, onSelect],
  );
}
