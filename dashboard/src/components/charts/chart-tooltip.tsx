import { Fragment } from 'react';
import type { SignalPoint } from '../../lib/chart-points.ts';
import { formatQuantity, formatRange, type Unit } from '../../lib/quantity.ts';
import { formatDateTime, formatUtc } from '../../lib/time-text.ts';
import styles from './chart.module.css';
import type { MissedInterval } from './chart-marks.ts';

/** What recharts hands to a tooltip. */
export interface TooltipState {
  readonly active?: boolean;
  readonly payload?: readonly { payload?: unknown }[];
}

/** More reports of one moment than these are in the list below the charts. */
const mostReports = 3;

/** The numbers of one point, with its time here and in UTC; only the chart under the pointer shows them. */
export function ChartTooltip({
  shown,
  state,
  unit,
  missed,
}: {
  shown: boolean;
  state: TooltipState;
  unit: Unit | 'score';
  missed: readonly MissedInterval[];
}) {
  const point = state.payload?.[0]?.payload as SignalPoint | undefined;
  if (!shown || state.active !== true || point === undefined) return null;
  const reported = missed.filter((item) => item.startMs <= point.timeMs && point.timeMs <= item.endMs);
  return (
    <div className={styles.tooltip}>
      <strong>{formatDateTime(point.timeMs)}</strong>
      <dl>
        <dt>UTC</dt>
        <dd>{formatUtc(point.timeMs).slice(11, 19)}</dd>
        {unit !== 'score' && (
          <>
            <dt>value</dt>
            <dd>{point.value === null ? 'missing' : formatQuantity(point.value, unit)}</dd>
            <dt>expected</dt>
            <dd>
              {point.range === null
                ? point.expected === null
                  ? 'unknown'
                  : formatQuantity(point.expected, unit)
                : formatRange({ low: point.range[0], high: point.range[1] }, unit, '–')}
            </dd>
          </>
        )}
        <dt>score</dt>
        <dd>{point.score === null ? 'none' : point.score.toFixed(2)}</dd>
        {point.quieted && (
          <>
            <dt>quieted</dt>
            <dd>like a false alarm that people named</dd>
          </>
        )}
        {reported.slice(0, mostReports).map((item) => (
          <Fragment key={item.id}>
            <dt>missed</dt>
            <dd>
              {item.who}, {formatDateTime(item.atMs)}
            </dd>
          </Fragment>
        ))}
      </dl>
    </div>
  );
}
