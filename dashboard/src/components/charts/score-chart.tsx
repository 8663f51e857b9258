import { useMemo, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ReferenceArea,
  ReferenceDot,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { signalPoints } from '../../lib/chart-points.ts';
import type { Track } from '../../lib/track.ts';
import { type AnomalyInterval, anomalyAreas } from './anomaly-areas.tsx';
import styles from './chart.module.css';
import { ScoreLegend } from './chart-legend.tsx';
import { ChartTooltip, type TooltipState } from './chart-tooltip.tsx';
import { plotMargin, timeAxisProps, valueAxisWidth } from './time-scale.ts';
import { useWidth } from './use-width.ts';
import { useZoomDrag } from './use-zoom-drag.ts';

/** The score over time, from 0 to 1, with the threshold above which a reading is anomalous. */
export default function ScoreChart(props: {
  track: Track;
  threshold: number;
  bounds: { fromMs: number; toMs: number };
  anomalies: readonly AnomalyInterval[];
  crossings: readonly number[];
  height: number;
  group: string;
  onZoom?: (bounds: { fromMs: number; toMs: number }) => void;
}) {
  const { bounds, track, threshold } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState(false);
  const { marked, handlers } = useZoomDrag(props.onZoom);
  const points = useMemo(() => signalPoints(track, null), [track]);
  const newest = points.at(-1)?.score;
  const text = newest === undefined || newest === null ? 'no score here' : `last ${newest.toFixed(2)}`;
  return (
    <figure className={styles.figure} aria-label={`Anomaly score over time, threshold ${threshold}: ${text}`}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>Anomaly score</span>
        <span className={styles.newest}>{text}</span>
        <ScoreLegend threshold={threshold} />
      </figcaption>
      <div
        ref={ref}
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        className={styles.plot}
        data-zoomable={props.onZoom === undefined ? undefined : ''}
        style={{ height: props.height }}
      >
        {width > 0 && (
          <ComposedChart
            width={width}
            height={props.height}
            data={points}
            margin={plotMargin}
            syncId={props.group}
            syncMethod="value"
            accessibilityLayer={false}
            {...handlers}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis {...timeAxisProps(bounds, width)} />
            <YAxis
              width={valueAxisWidth}
              domain={[0, 1]}
              ticks={[0, 0.5, 1]}
              tickLine={false}
              axisLine={false}
            />
            {anomalyAreas(props.anomalies, bounds)}
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
            {marked !== null && (
              <ReferenceArea x1={marked.fromMs} x2={marked.toMs} fill="var(--accent)" fillOpacity={0.15} />
            )}
            <Tooltip
              isAnimationActive={false}
              content={(state: TooltipState) => <ChartTooltip shown={pointed} state={state} unit="score" />}
            />
          </ComposedChart>
        )}
      </div>
    </figure>
  );
}
