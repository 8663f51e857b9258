import type { Anomaly } from '@verdict/contracts';
import { useMemo } from 'react';
import { useTrack } from '../../api/history.ts';
import { ChartsMessage, ChartsPlace, ScoreChart, SignalChart } from '../../components/charts/lazy-charts.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { rangeAround } from '../../lib/time-range.ts';
import { crossingsOf } from '../../lib/track.ts';
import styles from './detail.module.css';

const signalHeight = 220;
const scoreHeight = 96;
const mostCrossings = 12;

/** The charted signal with the anomaly shaded, and the score on the same time axis; an open anomaly is followed live. */
export function AnomalyCharts({ anomaly, signal }: { anomaly: Anomaly; signal: string | undefined }) {
  const open = anomaly.state === 'open';
  const startMs = Date.parse(anomaly.start);
  const endMs = Date.parse(anomaly.end);
  const closedEndMs = open ? startMs : endMs;
  const range = useMemo(() => {
    const around = rangeAround({ startMs, endMs: closedEndMs, open }, Date.now());
    return open
      ? { kind: 'since' as const, fromMs: around.fromMs }
      : { kind: 'fixed' as const, fromMs: around.fromMs, toMs: around.toMs };
  }, [startMs, closedEndMs, open]);
  const { query, history, track } = useTrack(anomaly.series, range);

  if (query.isError && history === undefined) {
    return (
      <ProblemNotice
        what="The readings could not be read"
        error={query.error}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (track === null || history === undefined)
    return <ChartsMessage height={signalHeight + scoreHeight} text="Reading the series…" />;
  if (track.times.length === 0) {
    return <ChartsMessage height={signalHeight} text="The readings of that time are no longer kept." />;
  }
  const newestMs = track.times.at(-1) ?? endMs;
  const bounds = {
    fromMs: range.fromMs,
    toMs: range.kind === 'fixed' ? range.toMs : Math.max(newestMs, endMs),
  };
  const marks = {
    anomalies: [{ id: anomaly.id, startMs, endMs: open ? Math.max(endMs, startMs) : endMs, chosen: true }],
  };
  const crossings = crossingsOf(track, history.threshold).filter((crossing) => crossing.up);
  const times = crossings.map((crossing) => crossing.timeMs);
  // Beside the value only this anomaly's crossings: a restless score would hide the line behind its marks.
  const own = times.filter(
    (timeMs) => timeMs >= startMs && timeMs <= bounds.toMs && (open || timeMs <= endMs),
  );
  const shared = { track, bounds, marks, group: anomaly.id };
  return (
    <section className={styles.charts} aria-label="Charts">
      {!history.complete && (
        <p className={styles.muted} role="status">
          The newest minutes are missing: the detector that holds them could not be asked.
        </p>
      )}
      <ChartsPlace height={signalHeight + scoreHeight}>
        {signal !== undefined && (
          <SignalChart
            {...shared}
            crossings={own.slice(0, mostCrossings)}
            signal={signal}
            height={signalHeight}
            legend
          />
        )}
        <ScoreChart {...shared} crossings={times} threshold={history.threshold} height={scoreHeight} />
      </ChartsPlace>
    </section>
  );
}
