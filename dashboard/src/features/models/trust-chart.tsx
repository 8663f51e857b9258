import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceDot,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import chart from '../../components/charts/chart.module.css';
import type { TooltipState } from '../../components/charts/chart-tooltip.tsx';
import { LegendKey } from '../../components/charts/legend-key.tsx';
import { plotMargin, timeAxisProps, valueAxisWidth } from '../../components/charts/time-scale.ts';
import { formatShare } from '../../lib/quantity.ts';
import { formatDateTime } from '../../lib/time-text.ts';
import { versionMark, versionName } from '../../lib/version-text.ts';
import { ChartBox } from './chart-box.tsx';
import { stateChanges, type TrustRow, versionChanges } from './trust-rows.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;
const margin = { ...plotMargin, top: 18 };
const stateWords = { good: 'good', unknown: 'unknown', bad: 'bad' } as const;

/** Confidence over time: the interval and its middle, the precision asked for, and where another version came. */
export default function TrustChart(props: {
  rows: readonly TrustRow[];
  bounds: { fromMs: number; toMs: number };
  target: number;
  height: number;
}) {
  const { rows, bounds, target, height } = props;
  const newest = rows.at(-1);
  const label =
    newest === undefined
      ? 'Confidence over time: nothing known'
      : `Confidence over time: now ${formatShare(newest.mean)}, between ${formatShare(newest.band[0])} and ${formatShare(newest.band[1])}, state ${newest.state}, of ${versionName(newest.version)}; ${formatShare(target)} asked for`;
  return (
    <ChartBox name="Share of alarms that are real" label={label} legend={<Legend />} height={height}>
      {(width) => (
        <ComposedChart
          width={width}
          height={height}
          data={rows as TrustRow[]}
          margin={margin}
          accessibilityLayer={false}
        >
          <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
          <XAxis {...timeAxisProps(bounds, width)} />
          <YAxis
            width={valueAxisWidth}
            domain={[0, 1]}
            ticks={[0, 0.25, 0.5, 0.75, 1]}
            tickFormatter={percent}
            tickLine={false}
            axisLine={false}
          />
          <Area
            dataKey="band"
            type="stepAfter"
            stroke="none"
            fill="var(--chart-band)"
            fillOpacity={0.18}
            isAnimationActive={false}
            activeDot={false}
          />
          <ReferenceLine y={target} stroke="var(--chart-anomaly)" strokeDasharray="5 3" />
          {versionChanges(rows).map((row) => (
            <ReferenceLine
              key={row.timeMs}
              x={row.timeMs}
              stroke="var(--text-muted)"
              strokeDasharray="2 3"
              label={{
                value: versionMark(row.version),
                position: 'top',
                fill: 'var(--text)',
                fontSize: 11,
                offset: 5,
              }}
            />
          ))}
          <Line
            dataKey="mean"
            type="stepAfter"
            stroke="var(--chart-value)"
            strokeWidth={1.8}
            dot={false}
            isAnimationActive={false}
          />
          {stateChanges(rows).map((row) => (
            <ReferenceDot
              key={`${row.timeMs} ${row.state}`}
              x={row.timeMs}
              y={row.mean}
              r={5}
              shape={(dot: { cx?: number; cy?: number }) => <StateDot {...dot} state={row.state} />}
            />
          ))}
          <Tooltip
            isAnimationActive={false}
            content={(state: TooltipState) => <TrustTooltip state={state} />}
          />
        </ComposedChart>
      )}
    </ChartBox>
  );
}

/** The shape of a state where it began: full circle, hollow circle, triangle. */
function StateDot({ cx = 0, cy = 0, state }: { cx?: number; cy?: number; state: TrustRow['state'] }) {
  if (state === 'bad')
    return <path d={`M${cx} ${cy - 6}l6 10.5h-12z`} fill="var(--critical)" stroke="var(--surface)" />;
  return (
    <circle
      cx={cx}
      cy={cy}
      r={4.5}
      fill={state === 'good' ? 'var(--good)' : 'var(--surface)'}
      stroke={state === 'good' ? 'var(--surface)' : 'var(--minor)'}
      strokeWidth="1.6"
    />
  );
}

function Legend() {
  return (
    <>
      <LegendKey text="estimate, with both ends 95 % certain">
        <rect width="18" height="10" fill="var(--chart-band)" opacity="0.25" />
        <line x1="0" x2="18" y1="5" y2="5" stroke="var(--chart-value)" strokeWidth="2" />
      </LegendKey>
      <LegendKey text="asked for">
        <line
          x1="0"
          x2="18"
          y1="5"
          y2="5"
          stroke="var(--chart-anomaly)"
          strokeDasharray="5 3"
          strokeWidth="1.6"
        />
      </LegendKey>
      {(['good', 'unknown', 'bad'] as const).map((state) => (
        <LegendKey key={state} text={`becomes ${stateWords[state]}`}>
          <StateDot cx={9} cy={5} state={state} />
        </LegendKey>
      ))}
    </>
  );
}

function TrustTooltip({ state }: { state: TooltipState }) {
  const row = state.payload?.[0]?.payload as TrustRow | undefined;
  if (state.active !== true || row === undefined) return null;
  return (
    <div className={chart.tooltip}>
      <strong>{formatDateTime(row.timeMs)}</strong>
      <dl>
        <dt>serving</dt>
        <dd>{versionName(row.version)}</dd>
        <dt>confidence</dt>
        <dd>{row.state}</dd>
        <dt>estimate</dt>
        <dd>
          {formatShare(row.mean)} ({formatShare(row.band[0])} to {formatShare(row.band[1])})
        </dd>
        <dt>judged</dt>
        <dd>{row.judged}</dd>
        <dt>precision</dt>
        <dd>{row.precision === null ? 'unknown' : formatShare(row.precision)}</dd>
      </dl>
    </div>
  );
}
