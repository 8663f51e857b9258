import type { Anomaly } from '@verdict/contracts';
import type { LabelledWindow } from './labelled-windows.ts';

/** How the anomalies of a series lie to what people marked in it. */
export interface Comparison {
  readonly anomalies: number;
  /** Anomalies that overlap a window. */
  readonly inside: number;
  readonly windows: number;
  /** Windows that an anomaly overlaps. */
  readonly hit: number;
  readonly missed: readonly LabelledWindow[];
}

/** Counts; a window is hit when an anomaly overlaps it, whatever its score. */
export function compareWindows(
  anomalies: readonly Pick<Anomaly, 'start' | 'end'>[],
  windows: readonly LabelledWindow[],
): Comparison {
  const overlaps = (anomaly: Pick<Anomaly, 'start' | 'end'>, window: LabelledWindow): boolean =>
    Date.parse(anomaly.start) <= window.toMs && Date.parse(anomaly.end) >= window.fromMs;
  const missed = windows.filter((window) => !anomalies.some((anomaly) => overlaps(anomaly, window)));
  return {
    anomalies: anomalies.length,
    inside: anomalies.filter((anomaly) => windows.some((window) => overlaps(anomaly, window))).length,
    windows: windows.length,
    hit: windows.length - missed.length,
    missed,
  };
}
