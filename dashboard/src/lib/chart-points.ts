import { readingFlags } from '@verdict/contracts';
import { keepExtremes, mostPoints } from './downsample.ts';
import type { Track } from './track.ts';

/** One point of a signal's chart. Null draws a gap. */
export interface SignalPoint {
  readonly timeMs: number;
  readonly value: number | null;
  readonly expected: number | null;
  /** Lower and upper end of the expected band; null where unknown. */
  readonly range: [number, number] | null;
  readonly score: number | null;
  /** It would have alarmed, had people not called its like a false alarm. */
  readonly quieted: boolean;
}

const gap = { value: null, expected: null, range: null, score: null, quieted: false };
/** A pause longer than this many usual steps is a gap, not a straight line. */
const gapSteps = 6;

/** The usual distance of two readings: the median, in ms; 0 for fewer than two. */
export function usualStepMs(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** Points of one signal (or, with null, of the score alone), at most `most`, with a null point in every long pause. */
export function signalPoints(track: Track, signal: string | null, most = mostPoints): SignalPoint[] {
  const columns = signal === null ? undefined : track.signals.get(signal);
  const guide = columns?.value ?? track.score;
  // Gap points come on top: leave room for them.
  const mostGaps = Math.floor(most * 0.1);
  const chosen = keepExtremes(guide, most - mostGaps);
  const longestPauseMs = usualStepMs(chosen.map((index) => track.times[index] ?? 0)) * gapSteps;
  const points: SignalPoint[] = [];
  let lastMs: number | null = null;
  let gaps = 0;
  for (const index of chosen) {
    const timeMs = track.times[index];
    if (timeMs === undefined) continue;
    if (lastMs !== null && longestPauseMs > 0 && timeMs - lastMs > longestPauseMs && gaps < mostGaps) {
      gaps++;
      points.push({ ...gap, timeMs: (lastMs + timeMs) / 2 });
    }
    const expected = columns?.expected[index] ?? null;
    const band = columns?.band[index] ?? null;
    points.push({
      timeMs,
      value: columns?.value[index] ?? null,
      expected,
      range: expected !== null && band !== null ? [expected - band, expected + band] : null,
      score: track.score[index] ?? null,
      quieted: ((track.flags[index] ?? 0) & readingFlags.quieted) !== 0,
    });
    lastMs = timeMs;
  }
  return points;
}

/** What a chart shows, in a sentence's worth of numbers; null without any value. */
export function valueSpan(
  points: readonly SignalPoint[],
): { low: number; high: number; newest: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let newest: number | null = null;
  for (const { value } of points) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    newest = value;
  }
  return newest === null ? null : { low, high, newest };
}

/** True if a reading within the bounds was quieted. */
export function hasQuieted(
  track: Pick<Track, 'times' | 'flags'>,
  bounds: { fromMs: number; toMs: number },
): boolean {
  return track.flags.some((flags, index) => {
    const timeMs = track.times[index] ?? Number.NaN;
    return (flags & readingFlags.quieted) !== 0 && timeMs >= bounds.fromMs && timeMs <= bounds.toMs;
  });
}

/** Where a mark for a quieted reading stands. */
export interface QuietedMark {
  readonly timeMs: number;
  readonly height: number;
}

/** Marks for the quieted readings, thinned evenly to at most `most`: closer ones would cover each other and the line. */
export function quietedMarks(
  points: readonly SignalPoint[],
  heightOf: (point: SignalPoint) => number | null,
  most = 80,
): QuietedMark[] {
  const marks = points.flatMap((point) => {
    const height = point.quieted ? heightOf(point) : null;
    return height === null ? [] : [{ timeMs: point.timeMs, height }];
  });
  if (marks.length <= most) return marks;
  const step = marks.length / most;
  return Array.from({ length: most }, (_, index) => marks[Math.floor(index * step)]).filter(
    (mark) => mark !== undefined,
  );
}
