import { useMemo } from 'react';
import { Area, ReferenceDot, ReferenceLine, YAxis } from 'recharts';
import { hasQuieted, signalPoints } from '../../lib/chart-points.ts';
import type { Track } from '../../lib/track.ts';
import { ChartFrame } from './chart-frame.tsx';
import { ScoreLegend } from './chart-legend.tsx';
import type { ChartMarks, TimeBounds } from './chart-marks.ts';
import { valueAxisWidth } from './time-scale.ts';

/** The score over time, from 0 to 1, with the threshold above which a reading is anomalous. */
export default function ScoreChart(props: {
  track: Track;
  threshold: number;
  bounds: TimeBounds;
  marks: ChartMarks;
  crossings: readonly number[];
  height: number;
  group: string;
}) {
  const { bounds, marks, threshold, track } = props;
  const points = useMemo(() => signalPoints(track, null), [track]);
  const newest = points.at(-1)?.score;
  const text = newest === undefined || newest === null ? 'no score here' : `last ${newest.toFixed(2)}`;
  return (
    <ChartFrame
      name="Anomaly score"
      newest={text}
      label={`Anomaly score over time, threshold ${threshold}: ${text}`}
      legend={
        <ScoreLegend
          threshold={threshold}
          quieted={hasQuieted(track, bounds)}
          missed={(marks.missed ?? []).length > 0}
        />
      }
      points={points}
      bounds={bounds}
      height={props.height}
      group={props.group}
      marks={marks}
      naming
      unit="score"
      heightOf={(point) => point.score}
    >
      <YAxis width={valueAxisWidth} domain={[0, 1]} ticks={[0, 0.5, 1]} tickLine={false} axisLine={false} />
      <Area
        dataKey="score"
        stroke="var(--chart-score)"
        strokeWidth={1.4}
        fill="var(--chart-score)"
        fillOpacity={0.14}
        isAnimationActive={false}
      />
      <ReferenceLine y={threshold} stroke="var(--chart-anomaly)" strokeDasharray="5 3" />
      {props.crossings.map((timeMs) => (
        <ReferenceDot
          key={timeMs}
          x={timeMs}
          y={threshold}
          r={3}
          fill="var(--surface)"
          stroke="var(--chart-anomaly)"
          strokeWidth={1.6}
        />
      ))}
    </ChartFrame>
  );
}
