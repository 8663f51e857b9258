import { type ReactNode, useId, useState } from 'react';
import { CartesianGrid, ComposedChart, ReferenceDot, Tooltip, XAxis } from 'recharts';
import { quietedMarks, type SignalPoint } from '../../lib/chart-points.ts';
import type { Unit } from '../../lib/quantity.ts';
import styles from './chart.module.css';
import type { ChartMarks, TimeBounds } from './chart-marks.ts';
import { ChartTooltip, type TooltipState } from './chart-tooltip.tsx';
import { AnomalyAreas, MissedAreas, SelectedArea } from './marked-areas.tsx';
import { plotMargin, timeAxisProps } from './time-scale.ts';
import { useSelectDrag } from './use-select-drag.ts';
import { useWidth } from './use-width.ts';

/** What every chart over time has: a caption, the time axis, what is marked, a tooltip, and the drag that selects. */
export function ChartFrame(props: {
  name: string;
  /** Beside the name. */
  newest: string;
  /** Name of the whole for those who cannot see it. */
  label: string;
  legend: ReactNode;
  points: readonly SignalPoint[];
  bounds: TimeBounds;
  height: number;
  /** Charts of one group show the same moment under the pointer. */
  group: string;
  marks: ChartMarks;
  /** Names who reported what is marked as missed. */
  naming: boolean;
  unit: Unit | 'score';
  /** Where a quieted reading's mark stands. */
  heightOf: (point: SignalPoint) => number | null;
  /** Axis, lines and areas. */
  children: ReactNode;
}) {
  const { bounds, marks, points } = props;
  const [ref, width] = useWidth<HTMLDivElement>();
  const [pointed, setPointed] = useState(false);
  const { marked, handlers } = useSelectDrag({ bounds, widthPx: width, onSelect: marks.onSelect });
  const patternId = useId();
  return (
    <figure className={styles.figure} aria-label={props.label}>
      <figcaption className={styles.caption}>
        <span className={styles.name}>{props.name}</span>
        <span className={styles.newest}>{props.newest}</span>
        {props.legend}
      </figcaption>
      <div
        ref={ref}
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        {...handlers}
        className={styles.plot}
        data-selectable={marks.onSelect === undefined ? undefined : ''}
        style={{ height: props.height }}
      >
        {width > 0 && (
          <ComposedChart
            width={width}
            height={props.height}
            data={points as SignalPoint[]}
            margin={plotMargin}
            syncId={props.group}
            syncMethod="value"
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
            <XAxis {...timeAxisProps(bounds, width)} />
            <AnomalyAreas intervals={marks.anomalies} bounds={bounds} />
            <MissedAreas
              intervals={marks.missed ?? []}
              bounds={bounds}
              widthPx={width}
              named={props.naming}
              patternId={patternId}
            />
            {props.children}
            {quietedMarks(points, props.heightOf).map((mark) => (
              <ReferenceDot key={mark.timeMs} x={mark.timeMs} y={mark.height} r={3.5} shape={QuietedSquare} />
            ))}
            <SelectedArea bounds={marked ?? marks.selection ?? null} within={bounds} />
            <Tooltip
              isAnimationActive={false}
              content={(state: TooltipState) => (
                <ChartTooltip shown={pointed} state={state} unit={props.unit} missed={marks.missed ?? []} />
              )}
            />
          </ComposedChart>
        )}
      </div>
    </figure>
  );
}

/** The mark of a quieted reading: a square, since crossings are circles. */
function QuietedSquare({ cx = 0, cy = 0 }: { cx?: number; cy?: number }) {
  return (
    <rect
      x={cx - 3}
      y={cy - 3}
      width="6"
      height="6"
      fill="var(--surface)"
      stroke="var(--chart-quieted)"
      strokeWidth="1.6"
    />
  );
}
