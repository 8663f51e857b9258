import type { SignalPoint } from '../../lib/chart-points.ts';
import { formatQuantity, formatRange, type Unit } from '../../lib/quantity.ts';
import { formatDateTime, formatUtc } from '../../lib/time-text.ts';
import styles from './chart.module.css';

/** What recharts hands to a tooltip. */
export interface TooltipState {
  readonly active?: boolean;
  readonly payload?: readonly { payload?: unknown }[];
}

/** The numbers of one point, with its time here and in UTC; only the chart under the pointer shows them. */
export function ChartTooltip({
  shown,
  state,
  unit,
}: {
  shown: boolean;
  state: TooltipState;
  unit: Unit | 'score';
}) {
  const point = state.payload?.[0]?.payload as SignalPoint | undefined;
  if (!shown || state.active !== true || point === undefined) return null;
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
      </dl>
    </div>
  );
}
