/** A stretch of time in epoch ms. */
export interface TimeBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An anomaly as a chart shades it. */
export interface AnomalyInterval {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The one being looked at stands out. */
  readonly chosen: boolean;
}

/** A stretch that somebody reported as a missed anomaly. */
export interface MissedInterval {
  readonly id: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Who reported it, as it is shown. */
  readonly who: string;
  /** When, epoch ms. */
  readonly atMs: number;
}

/** What is marked on the charts of one group. */
export interface ChartMarks {
  readonly anomalies: readonly AnomalyInterval[];
  readonly missed?: readonly MissedInterval[];
  /** The stretch that is selected; null = none. */
  readonly selection?: TimeBounds | null;
  /** Told when somebody drags across a chart; without it charts cannot be dragged. */
  readonly onSelect?: (bounds: TimeBounds) => void;
}

/** A short stretch is still drawn this share of the axis wide. */
const narrowestShare = 0.003;

/** Cuts stretches to the axis and widens the narrowest, so that each can be seen; those outside are left out. */
export function drawnWithin<I extends { startMs: number; endMs: number }>(
  intervals: readonly I[],
  bounds: TimeBounds,
): (I & { fromMs: number; toMs: number })[] {
  const narrowest = (bounds.toMs - bounds.fromMs) * narrowestShare;
  return intervals
    .filter((interval) => interval.endMs >= bounds.fromMs && interval.startMs <= bounds.toMs)
    .map((interval) => {
      const pad = Math.max(0, narrowest - (interval.endMs - interval.startMs)) / 2;
      return {
        ...interval,
        fromMs: Math.max(bounds.fromMs, interval.startMs - pad),
        toMs: Math.min(bounds.toMs, interval.endMs + pad),
      };
    });
}
