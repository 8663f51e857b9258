import { type History, scoreThreshold } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';
import { pickPoints } from './pick-points.ts';

/** Puts the answer of `GET /series/{key}/history` together; `points` 0 = every reading. */
export function historyView(request: {
  series: string;
  fromMs: number;
  toMs: number;
  points: number;
  rows: HistoryRows;
  complete: boolean;
}): History {
  const { rows, points } = request;
  const readings = rows.times.length;
  const picked = pickPoints(rows, points === 0 ? readings : points);
  const width = rows.signals.length;
  const column = (source: Float32Array, signal: number): (number | null)[] =>
    picked.map((row) => finiteOrNull(source[row * width + signal]));
  return {
    series: request.series,
    from: new Date(request.fromMs).toISOString(),
    to: new Date(request.toMs).toISOString(),
    readings,
    downsampled: picked.length < readings,
    complete: request.complete,
    times: picked.map((row) => rows.times[row] ?? 0),
    score: picked.map((row) => rows.score[row] ?? 0),
    flags: picked.map((row) => rows.flags[row] ?? 0),
    threshold: scoreThreshold,
    signals: rows.signals.map((signal, at) => ({
      signal,
      value: column(rows.values, at),
      expected: column(rows.expected, at),
      band: column(rows.band, at),
    })),
  };
}

/** A 32-bit float as the shortest decimal number that means the same float: 0.1, not 0.10000000149. */
function finiteOrNull(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return Number(value.toPrecision(8));
}
