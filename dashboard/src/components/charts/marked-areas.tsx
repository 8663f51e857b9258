import { ReferenceArea } from 'recharts';
import { type AnomalyInterval, drawnWithin, type MissedInterval, type TimeBounds } from './chart-marks.ts';

/** Width of a letter in a band, about, and of its margin. */
const letterPx = 6.2;
const marginPx = 10;

/** Shades anomalies. */
export function AnomalyAreas(props: { intervals: readonly AnomalyInterval[]; bounds: TimeBounds }) {
  return drawnWithin(props.intervals, props.bounds).map((interval) => (
    <ReferenceArea
      key={interval.id}
      x1={interval.fromMs}
      x2={interval.toMs}
      fill="var(--chart-anomaly)"
      fillOpacity={interval.chosen ? 0.18 : 0.09}
      stroke="var(--chart-anomaly)"
      strokeOpacity={interval.chosen ? 0.7 : 0.35}
      strokeDasharray={interval.chosen ? undefined : '3 3'}
    />
  ));
}

/** Hatches what was reported as missed: the pattern tells it from an anomaly, not the colour alone. */
export function MissedAreas(props: {
  intervals: readonly MissedInterval[];
  bounds: TimeBounds;
  /** Of the whole chart. */
  widthPx: number;
  /** One chart of a group names who reported it. */
  named: boolean;
  /** Unlike any other on the page. */
  patternId: string;
}) {
  const { bounds, patternId } = props;
  const span = Math.max(1, bounds.toMs - bounds.fromMs);
  const drawn = drawnWithin(props.intervals, bounds);
  if (drawn.length === 0) return null;
  return (
    <>
      <defs>
        <MissedHatch id={patternId} />
      </defs>
      {drawn.map((interval) => {
        const widePx = ((interval.toMs - interval.fromMs) / span) * props.widthPx;
        const name = props.named ? nameWithin(interval.who, widePx) : null;
        return (
          <ReferenceArea
            key={interval.id}
            x1={interval.fromMs}
            x2={interval.toMs}
            fill={`url(#${patternId})`}
            fillOpacity={1}
            stroke="var(--chart-missed)"
            strokeOpacity={0.8}
            label={
              name === null
                ? undefined
                : { value: name, position: 'insideTopLeft', fill: 'var(--chart-missed)', fontSize: 11 }
            }
          />
        );
      })}
    </>
  );
}

/** What there is room for in a band; null = nothing. */
function nameWithin(who: string, widePx: number): string | null {
  const fits = (text: string) => text.length * letterPx + marginPx <= widePx;
  return [`missed · ${who}`, who].find(fits) ?? null;
}

/** Slanted lines over a light ground. */
export function MissedHatch({ id }: { id: string }) {
  return (
    <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect width="6" height="6" fill="var(--chart-missed)" opacity="0.1" />
      <line x1="0" x2="0" y1="0" y2="6" stroke="var(--chart-missed)" strokeWidth="2" opacity="0.4" />
    </pattern>
  );
}

/** Marks what is selected, or is being selected. */
export function SelectedArea({ bounds, within }: { bounds: TimeBounds | null; within: TimeBounds }) {
  if (bounds === null || bounds.toMs < within.fromMs || bounds.fromMs > within.toMs) return null;
  return (
    <ReferenceArea
      x1={Math.max(bounds.fromMs, within.fromMs)}
      x2={Math.min(bounds.toMs, within.toMs)}
      fill="var(--accent)"
      fillOpacity={0.15}
      stroke="var(--accent)"
      strokeOpacity={0.6}
    />
  );
}
