import type { HistoryRows } from '../ports/partition-store.ts';
import { sliceRows } from './cut-rows.ts';

/**
 * Merges chunks into rows that ascend in time with each time once: of chunks that overlap, the one that stands
 * first in the list gives the reading. Signals are those of all chunks, the last chunk's first; a signal that a
 * chunk does not have is NaN there. Null when there is nothing.
 */
export function mergeRows(chunks: readonly HistoryRows[]): HistoryRows | null {
  if (chunks.length <= 1) return chunks[0] ?? null;
  const signals = [...new Set(chunks.toReversed().flatMap((chunk) => chunk.signals))];
  const places = chunks.flatMap((chunk, index) =>
    Array.from(chunk.times, (time, row) => ({ time, index, row, chunk })),
  );
  places.sort((a, b) => a.time - b.time || a.index - b.index);
  const kept = places.filter((place, i) => place.time !== places[i - 1]?.time);
  const merged = emptyRows(signals, kept.length);
  const columns = chunks.map((chunk) => chunk.signals.map((signal) => signals.indexOf(signal)));
  for (const [to, { chunk, index, row }] of kept.entries()) {
    merged.times[to] = chunk.times[row] ?? 0;
    merged.score[to] = chunk.score[row] ?? 0;
    merged.flags[to] = chunk.flags[row] ?? 0;
    for (const [from, column] of (columns[index] ?? []).entries()) {
      const source = row * chunk.signals.length + from;
      const target = to * signals.length + column;
      merged.values[target] = chunk.values[source] ?? Number.NaN;
      merged.expected[target] = chunk.expected[source] ?? Number.NaN;
      merged.band[target] = chunk.band[source] ?? Number.NaN;
    }
  }
  return merged;
}

/** The part of rows in [fromMs, toMs], at most the `limit` newest; null when there is none. */
export function clipRows(
  rows: HistoryRows,
  { fromMs, toMs, limit }: { fromMs: number; toMs: number; limit: number },
): HistoryRows | null {
  const to = firstBehind(rows.times, (time) => time > toMs);
  const from = Math.max(
    firstBehind(rows.times, (time) => time >= fromMs),
    to - limit,
  );
  return from >= to ? null : sliceRows(rows, from, to);
}

/** Index of the first time that satisfies a condition which stays true from then on. */
function firstBehind(times: Float64Array, holds: (time: number) => boolean): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(times[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function emptyRows(signals: readonly string[], count: number): HistoryRows {
  const cells = count * signals.length;
  return {
    signals,
    times: new Float64Array(count),
    values: new Float32Array(cells).fill(Number.NaN),
    expected: new Float32Array(cells).fill(Number.NaN),
    band: new Float32Array(cells).fill(Number.NaN),
    score: new Float32Array(count),
    flags: new Uint8Array(count),
  };
}
