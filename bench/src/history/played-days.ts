import type { HistoryRows } from '@verdict/storage';
import { dayMs } from './scored-series.ts';

/** As detectors cut their tails into chunks (services/detector: `chunkLimits`). */
const chunkReadings = 60;
const chunkSpanMs = 5 * 60_000;

/**
 * The readings of `days` whole days from `startMs` (a UTC midnight) on: the rows as they are, and from their beginning
 * again when they end. Times of day stay what they are. One piece per day; a day without readings has none.
 */
export function* playedDays(rows: HistoryRows, startMs: number, days: number): Generator<HistoryRows> {
  const first = Math.floor((rows.times[0] ?? 0) / dayMs);
  const span = Math.floor((rows.times.at(-1) ?? 0) / dayMs) - first + 1;
  for (let day = 0; day < days; day += 1) {
    const from = (first + (day % span)) * dayMs;
    const shift = startMs + day * dayMs - from;
    const begin = firstAt(rows.times, from);
    const end = firstAt(rows.times, from + dayMs);
    if (begin < end) yield moved(rows, { begin, end, shift });
  }
}

/** The rows as a detector writes them: a chunk when it holds 60 readings or spans five minutes. */
export function freshChunks(rows: HistoryRows): HistoryRows[] {
  const chunks: HistoryRows[] = [];
  for (let begin = 0; begin < rows.times.length; ) {
    let end = begin + 1;
    const full = () =>
      end - begin >= chunkReadings || (rows.times[end - 1] ?? 0) - (rows.times[begin] ?? 0) >= chunkSpanMs;
    while (end < rows.times.length && !full()) end += 1;
    chunks.push(moved(rows, { begin, end, shift: 0 }));
    begin = end;
  }
  return chunks;
}

function moved(
  rows: HistoryRows,
  { begin, end, shift }: { begin: number; end: number; shift: number },
): HistoryRows {
  const width = rows.signals.length;
  return {
    signals: rows.signals,
    times: rows.times.slice(begin, end).map((time) => time + shift),
    values: rows.values.subarray(begin * width, end * width),
    expected: rows.expected.subarray(begin * width, end * width),
    band: rows.band.subarray(begin * width, end * width),
    score: rows.score.subarray(begin, end),
    flags: rows.flags.subarray(begin, end),
  };
}

function firstAt(times: Float64Array, timeMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) >= timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
