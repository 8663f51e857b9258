import { useMemo, useState } from 'react';
import { Button } from '../../components/button.tsx';
import type { ChartMarks } from '../../components/charts/chart-marks.ts';
import { ChartsMessage, ChartsPlace, ScoreChart, SignalChart } from '../../components/charts/lazy-charts.tsx';
import { crossingsOf, type Track } from '../../lib/track.ts';
import styles from './series.module.css';

/** So many signals are drawn at first: a hundred charts at once help nobody. */
const firstSignals = 6;
const signalHeight = 170;
const scoreHeight = 110;

/** The score and every signal of a series, one above the other on one time axis. */
export function StackedCharts(props: {
  series: string;
  track: Track;
  threshold: number;
  bounds: { fromMs: number; toMs: number };
  marks: ChartMarks;
}) {
  const { track, threshold, bounds } = props;
  const [all, setAll] = useState(false);
  const names = useMemo(() => [...track.signals.keys()], [track]);
  const crossings = useMemo(
    () =>
      crossingsOf(track, threshold)
        .filter((crossing) => crossing.up)
        .map((crossing) => crossing.timeMs),
    [track, threshold],
  );
  if (track.times.length === 0) return <ChartsMessage height={260} text="No readings in this range." />;
  const shown = all ? names : names.slice(0, firstSignals);
  const shared = { track, bounds, marks: props.marks, group: props.series };
  return (
    <section className={styles.charts} aria-label="Charts">
      <ChartsPlace height={scoreHeight + signalHeight}>
        <ScoreChart {...shared} crossings={crossings} threshold={threshold} height={scoreHeight} />
        {shown.map((signal, index) => (
          <SignalChart
            key={signal}
            {...shared}
            crossings={[]}
            signal={signal}
            height={signalHeight}
            legend={index === 0}
          />
        ))}
      </ChartsPlace>
      {names.length > shown.length && (
        <Button onClick={() => setAll(true)}>Show {names.length - shown.length} more signals</Button>
      )}
    </section>
  );
}
