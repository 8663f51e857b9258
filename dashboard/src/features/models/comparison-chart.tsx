import type { ComparedSeries } from '@verdict/contracts';
import { useId, useMemo } from 'react';
import {
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import chart from '../../components/charts/chart.module.css';
import { drawnWithin } from '../../components/charts/chart-marks.ts';
import type { TooltipState } from '../../components/charts/chart-tooltip.tsx';
import { MissedHatch } from '../../components/charts/marked-areas.tsx';
import { plotMargin, timeAxisProps, valueAxisWidth } from '../../components/charts/time-scale.ts';
import { formatQuantity, unitOfSignal } from '../../lib/quantity.ts';
import { formatDateTime } from '../../lib/time-text.ts';
import { versionMark } from '../../lib/version-text.ts';
import { AlarmLanes } from './alarm-lanes.tsx';
import { ChartBox } from './chart-box.tsx';
import { ComparisonLegend } from './comparison-legend.tsx';
import { type ComparisonRow, comparisonBounds, comparisonRows, comparisonText } from './comparison-rows.ts';

const valueHeight = 100;
const scoreHeight = 110;
const alarmBorder = 0.5;

/** A compared series: its value, both scores on one axis, and which version alarms in what people judged. */
export default function ComparisonChart(props: {
  compared: ComparedSeries;
  champion: number;
  candidate: number;
}) {
  const { compared, candidate, champion } = props;
  const rows = useMemo(() => comparisonRows(compared), [compared]);
  const bounds = useMemo(() => comparisonBounds(compared), [compared]);
  const unit = unitOfSignal(compared.signal);
  const group = useId();
  const hatch = useId();
  const shared = {
    data: rows,
    margin: plotMargin,
    syncId: group,
    syncMethod: 'value' as const,
    accessibilityLayer: false,
  };
  const format = (value: number) => formatQuantity(value, unit, 3);
  return (
    <ChartBox
      name={`${compared.series}, ${compared.signal}`}
      label={`${compared.series}, ${compared.signal}: scores of ${versionMark(champion)} and ${versionMark(candidate)}; ${comparisonText(compared)}`}
      legend={<ComparisonLegend champion={champion} candidate={candidate} judged={compared.judged} />}
      height={valueHeight + scoreHeight + AlarmLanes.height(compared.judged.length)}
    >
      {(width) => (
        <>
          <ComposedChart {...shared} width={width} height={valueHeight}>
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis {...timeAxisProps(bounds, width)} hide />
            <YAxis
              width={valueAxisWidth}
              tickFormatter={format}
              tickLine={false}
              axisLine={false}
              tickCount={3}
              domain={['auto', 'auto']}
            />
            {judgedAreas(compared, bounds, hatch)}
            <Line
              dataKey="value"
              stroke="var(--chart-value)"
              strokeWidth={1.4}
              dot={false}
              isAnimationActive={false}
            />
            <Tooltip isAnimationActive={false} content={() => null} />
          </ComposedChart>
          <ComposedChart {...shared} width={width} height={scoreHeight}>
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis {...timeAxisProps(bounds, width)} />
            <YAxis
              width={valueAxisWidth}
              domain={[0, 1]}
              ticks={[0, alarmBorder, 1]}
              tickLine={false}
              axisLine={false}
            />
            {judgedAreas(compared, bounds, hatch)}
            <ReferenceLine y={alarmBorder} stroke="var(--chart-anomaly)" strokeDasharray="5 3" />
            <Line
              dataKey="champion"
              stroke="var(--text-muted)"
              strokeDasharray="4 2"
              strokeWidth={1.3}
              dot={false}
              isAnimationActive={false}
            />
            <Line
              dataKey="candidate"
              stroke="var(--chart-score)"
              strokeWidth={1.7}
              dot={false}
              isAnimationActive={false}
            />
            <Tooltip
              isAnimationActive={false}
              content={(state: TooltipState) => (
                <Numbers state={state} champion={champion} candidate={candidate} format={format} />
              )}
            />
          </ComposedChart>
          <AlarmLanes
            judged={compared.judged}
            bounds={bounds}
            widthPx={width}
            champion={champion}
            candidate={candidate}
          />
        </>
      )}
    </ChartBox>
  );
}

/** The judged stretches, each kind in its own fill and border. */
function judgedAreas(compared: ComparedSeries, bounds: { fromMs: number; toMs: number }, hatch: string) {
  const stretches = compared.judged.map(({ fromMs, toMs, kind }) => ({ startMs: fromMs, endMs: toMs, kind }));
  const looks = {
    confirmed: { fill: 'var(--chart-anomaly)', fillOpacity: 0.2, stroke: 'var(--chart-anomaly)' },
    'false-alarm': {
      fill: 'var(--chart-quieted)',
      fillOpacity: 0.12,
      stroke: 'var(--chart-quieted)',
      strokeDasharray: '3 3',
    },
    missed: { fill: `url(#${hatch})`, fillOpacity: 1, stroke: 'var(--chart-missed)' },
  };
  return [
    <defs key="hatch">
      <MissedHatch id={hatch} />
    </defs>,
    ...drawnWithin(stretches, bounds).map(({ fromMs, toMs, kind, startMs }) => (
      <ReferenceArea key={`${startMs} ${kind}`} x1={fromMs} x2={toMs} {...looks[kind]} />
    )),
  ];
}

function Numbers(props: {
  state: TooltipState;
  champion: number;
  candidate: number;
  format: (value: number) => string;
}) {
  const row = props.state.payload?.[0]?.payload as ComparisonRow | undefined;
  if (props.state.active !== true || row === undefined) return null;
  return (
    <div className={chart.tooltip}>
      <strong>{formatDateTime(row.timeMs)}</strong>
      <dl>
        <dt>value</dt>
        <dd>{row.value === null ? 'missing' : props.format(row.value)}</dd>
        <dt>{versionMark(props.champion)} champion</dt>
        <dd>{row.champion?.toFixed(2) ?? 'none'}</dd>
        <dt>{versionMark(props.candidate)} candidate</dt>
        <dd>{row.candidate?.toFixed(2) ?? 'none'}</dd>
      </dl>
    </div>
  );
}
