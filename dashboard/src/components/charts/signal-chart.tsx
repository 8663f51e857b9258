import { useMemo } from 'react';
import { Area, Line, ReferenceLine, YAxis } from 'recharts';
import { signalPoints, valueSpan } from '../../lib/chart-points.ts';
import { formatQuantity, formatRange, unitOfSignal } from '../../lib/quantity.ts';
import type { Track } from '../../lib/track.ts';
import { ChartFrame } from './chart-frame.tsx';
import { SignalLegend } from './chart-legend.tsx';
import type { ChartMarks, TimeBounds } from './chart-marks.ts';
import { valueAxisWidth } from './time-scale.ts';

/** One signal over time: its value, the expected band, and what is marked. */
export default function SignalChart(props: {
  track: Track;
  signal: string;
  bounds: TimeBounds;
  marks: ChartMarks;
  /** Moments when the score went over the threshold. */
  crossings: readonly number[];
  height: number;
  group: string;
  legend: boolean;
}) {
  const { bounds, signal, track } = props;
  const unit = unitOfSignal(signal);
  const points = useMemo(() => signalPoints(track, signal), [track, signal]);
  const span = useMemo(() => valueSpan(points), [points]);
  const spanText =
    span === null ? 'no values' : `${formatRange(span, unit)}, newest ${formatQuantity(span.newest, unit)}`;
  return (
    <ChartFrame
      name={signal}
      newest={span === null ? 'no values here' : `last ${formatQuantity(span.newest, unit)}`}
      label={`${signal} over time: ${spanText}`}
      legend={props.legend && <SignalLegend />}
      points={points}
      bounds={bounds}
      height={props.height}
      group={props.group}
      marks={props.marks}
      naming={false}
      unit={unit}
      heightOf={(point) => point.value}
    >
      <YAxis
        width={valueAxisWidth}
        tickFormatter={(value: number) => formatQuantity(value, unit, 3)}
        tickLine={false}
        axisLine={false}
        tickCount={4}
        domain={['auto', 'auto']}
      />
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
    </ChartFrame>
  );
}
