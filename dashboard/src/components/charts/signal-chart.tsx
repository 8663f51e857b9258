import { useMemo, useState } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { signalPoints, valueSpan } from '../../lib/chart-points.ts';
import { formatQuantity, formatRange, unitOfSignal } from '../../lib/quantity.ts';
import type { Track } from '../../lib/track.ts';
import { type AnomalyInterval, anomalyAreas } from './anomaly-areas.tsx';
import styles from './chart.module.css';
import { SignalLegend } from './chart-legend.tsx';
import { ChartTooltip, type TooltipState } from './chart-tooltip.tsx';
import { plotMargin, timeAxisProps, valueAxisWidth } from './time-scale.ts';
import { useWidth } from './use-width.ts';
import { useZoomDrag } from './use-zoom-drag.ts';

/** One signal over time: its value, the expected band, and the anomalies shaded. */
export default function SignalChart(props: {
  track: Track;
  signal: string;
  bounds: { fromMs: number; toMs: number };
  anomalies: readonly AnomalyInterval[];
  /** Moments when the score went over the threshold. */
  crossings: readonly number[];
  height: number;
  /** Charts of one group show the same moment under the pointer. */
  group: string;
  legend: boolean;
  onZoom?: (bounds: { fromMs: number; toMs: number }) => void;
}) {
  const { bounds, signal, track } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState(false);
  const { marked, handlers } = useZoomDrag(props.onZoom);
  const unit = unitOfSignal(signal);
  const points = useMemo(() => signalPoints(track, signal), [track, signal]);
  const span = useMemo(() => valueSpan(points), [points]);
  const spanText =
    span === null ? 'no values' : `${formatRange(span, unit)}, newest ${formatQuantity(span.newest, unit)}`;
  return (
    <figure className={styles.figure} aria-label={`${signal} over time: ${spanText}`}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{signal}</span>
        <span className={styles.newest}>
          {span === null ? 'no values here' : `last ${formatQuantity(span.newest, unit)}`}
        </span>
        {props.legend && <SignalLegend />}
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
              tickFormatter={(value: number) => formatQuantity(value, unit, 3)}
              tickLine={false}
              axisLine={false}
              tickCount={4}
              domain={['auto', 'auto']}
            />
            {anomalyAreas(props.anomalies, bounds)}
            {props.crossings.map((timeMs) => (
              <ReferenceLine key={timeMs} x={timeMs} stroke="var(--chart-anomaly)" strokeDasharray="1 3" />
            ))}
            <Area
              dataKey="range"
              stroke="none"
              fill="var(--chart-band)"
              fillOpacity={0.16}
              isAnimationActive={false}
              activeDot={false}
              connectNulls={false}
            />
            <Line
              dataKey="expected"
              stroke="var(--chart-expected)"
              strokeDasharray="4 3"
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
            <Line
              dataKey="value"
              stroke="var(--chart-value)"
              strokeWidth={1.6}
              dot={false}
              isAnimationActive={false}
            />
            {marked !== null && (
              <ReferenceArea x1={marked.fromMs} x2={marked.toMs} fill="var(--accent)" fillOpacity={0.15} />
            )}
            <Tooltip
              isAnimationActive={false}
              content={(state: TooltipState) => <ChartTooltip shown={pointed} state={state} unit={unit} />}
            />
          </ComposedChart>
        )}
      </div>
    </figure>
  );
}
