import type { Anomaly, MissedReport } from '@verdict/contracts';
import { formatDuration } from './time-text.ts';

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What to offer to somebody who has not marked anything: the newest tenth of what is shown, at most an hour. */
export function suggestedStretch(bounds: Stretch): Stretch {
  const wholeSeconds = (ms: number) => Math.floor(ms / 1000) * 1000;
  const tenth = Math.min(3_600_000, (bounds.toMs - bounds.fromMs) / 10);
  return { fromMs: wholeSeconds(bounds.toMs - tenth), toMs: wholeSeconds(bounds.toMs) };
}

/** The gateway takes no longer ones. */
const longestMs = 86_400_000;

/** What is wrong with a stretch to be reported; null when nothing is. */
export function stretchProblem(stretch: Stretch, nowMs: number): string | null {
  if (stretch.toMs < stretch.fromMs) return 'The end lies before the start.';
  if (stretch.toMs > nowMs + 60_000) return 'It lies in the future.';
  if (stretch.toMs - stretch.fromMs > longestMs) return 'It is longer than a day: report it in parts.';
  return null;
}

/** Anomalies that were found within a stretch, newest first as given. */
export function foundWithin<A extends Pick<Anomaly, 'start' | 'end'>>(
  anomalies: readonly A[],
  stretch: Stretch,
): A[] {
  return anomalies.filter(
    ({ start, end }) => Date.parse(start) <= stretch.toMs && Date.parse(end) >= stretch.fromMs,
  );
}

/** How long a stretch is, in words. */
export function stretchLength(report: Pick<MissedReport, 'from' | 'to'>): string {
  const lastedMs = Date.parse(report.to) - Date.parse(report.from);
  return lastedMs === 0 ? 'one moment' : formatDuration(lastedMs);
}
