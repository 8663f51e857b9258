import type { HistoryRows } from '../ports/partition-store.ts';
import { chunkLimit } from './chunk-codec.ts';
import { dayStart } from './history-days.ts';

/** Readings `from` up to (not including) `to`; views, not copies. */
export function sliceRows(rows: HistoryRows, from: number, to: number): HistoryRows {
  const width = rows.signals.length;
  return {
    signals: rows.signals,
    times: rows.times.subarray(from, to),
    values: rows.values.subarray(from * width, to * width),
    expected: rows.expected.subarray(from * width, to * width),
    band: rows.band.subarray(from * width, to * width),
    score: rows.score.subarray(from, to),
    flags: rows.flags.subarray(from, to),
  };
}

/** Cuts rows at UTC days and at the largest chunk. */
export function cutRows(rows: HistoryRows): HistoryRows[] {
  const pieces: HistoryRows[] = [];
  const { times } = rows;
  for (let from = 0; from < times.length; ) {
    const day = dayStart(times[from] ?? 0);
    let to = from + 1;
    while (to < times.length && to - from < chunkLimit && dayStart(times[to] ?? 0) === day) to++;
    pieces.push(sliceRows(rows, from, to));
    from = to;
  }
  return pieces;
}
