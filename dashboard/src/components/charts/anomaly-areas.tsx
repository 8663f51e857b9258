import { ReferenceArea } from 'recharts';

/** An anomaly as a chart shades it. */
export interface AnomalyInterval {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The one being looked at stands out. */
  readonly chosen: boolean;
}

/** A short anomaly is still drawn this share of the axis wide. */
const narrowestShare = 0.003;

/** Shades anomalies; a function, not a component, since recharts looks at its direct children. */
export function anomalyAreas(
  intervals: readonly AnomalyInterval[],
  bounds: { fromMs: number; toMs: number },
) {
  const narrowest = (bounds.toMs - bounds.fromMs) * narrowestShare;
  return intervals
    .filter((interval) => interval.endMs >= bounds.fromMs && interval.startMs <= bounds.toMs)
    .map((interval) => {
      const pad = Math.max(0, narrowest - (interval.endMs - interval.startMs)) / 2;
      return (
        <ReferenceArea
          key={interval.id}
          x1={Math.max(bounds.fromMs, interval.startMs - pad)}
          x2={Math.min(bounds.toMs, interval.endMs + pad)}
          fill="var(--chart-anomaly)"
          fillOpacity={interval.chosen ? 0.18 : 0.09}
          stroke="var(--chart-anomaly)"
          strokeOpacity={interval.chosen ? 0.7 : 0.35}
          strokeDasharray={interval.chosen ? undefined : '3 3'}
        />
      );
    });
}
