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
}

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
      points.push({ timeMs: (lastMs + timeMs) / 2, value: null, expected: null, range: null, score: null });
    }
    const expected = columns?.expected[index] ?? null;
    const band = columns?.band[index] ?? null;
    points.push({
      timeMs,
      value: columns?.value[index] ?? null,
      expected,
      range: expected !== null && band !== null ? [expected - band, expected + band] : null,
      score: track.score[index] ?? null,
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
