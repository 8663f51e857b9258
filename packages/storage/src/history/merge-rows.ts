import type { HistoryRows } from '../ports/partition-store.ts';
import { sliceRows } from './cut-rows.ts';

/**
 * Merges chunks into rows that ascend in time with each time once: of chunks that overlap, the one that stands
 * first in the list gives the reading. Signals are those of all chunks, the last chunk's first; a signal that a
 * chunk does not have is NaN there. Null when there is nothing.
 */
export function mergeRows(chunks: readonly HistoryRows[]): HistoryRows | null {
  if (chunks.length <= 1) return chunks[0] ?? null;
  if (isOneBehindTheOther(chunks)) return joinRows(chunks);
  const signals = [...new Set(chunks.toReversed().flatMap((chunk) => chunk.signals))];
  const { chunkOf, rowOf } = ascendingPlaces(chunks);
  const merged = emptyRows(signals, rowOf.length);
  const columns = chunks.map((chunk) => chunk.signals.map((signal) => signals.indexOf(signal)));
  for (const [to, row] of rowOf.entries()) {
    const index = chunkOf[to] ?? 0;
    const chunk = chunks[index];
    if (chunk === undefined) continue;
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

/** Chunks of the same signals that do not overlap, as nearly all are. */
function isOneBehindTheOther(chunks: readonly HistoryRows[]): boolean {
  const names = JSON.stringify(chunks[0]?.signals);
  return chunks.every((chunk, at) => {
    const before = chunks[at - 1]?.times.at(-1) ?? Number.NEGATIVE_INFINITY;
    return (chunk.times[0] ?? before) > before && JSON.stringify(chunk.signals) === names;
  });
}

function joinRows(chunks: readonly HistoryRows[]): HistoryRows {
  const joined = emptyRows(
    chunks[0]?.signals ?? [],
    chunks.reduce((sum, { times }) => sum + times.length, 0),
  );
  let at = 0;
  for (const { times, values, expected, band, score, flags } of chunks) {
    const cell = at * joined.signals.length;
    joined.times.set(times, at);
    joined.values.set(values, cell);
    joined.expected.set(expected, cell);
    joined.band.set(band, cell);
    joined.score.set(score, at);
    joined.flags.set(flags, at);
    at += times.length;
  }
  return joined;
}

/** For each reading of the result the chunk and the row that it comes from. */
function ascendingPlaces(chunks: readonly HistoryRows[]): { chunkOf: Uint32Array; rowOf: Uint32Array } {
  const total = chunks.reduce((sum, chunk) => sum + chunk.times.length, 0);
  const chunkOf = new Uint32Array(total);
  const rowOf = new Uint32Array(total);
  const times = new Float64Array(total);
  let at = 0;
  let ascending = true;
  for (const [index, chunk] of chunks.entries())
    for (const [row, time] of chunk.times.entries()) {
      ascending &&= at === 0 || time > (times[at - 1] ?? 0);
      chunkOf[at] = index;
      rowOf[at] = row;
      times[at++] = time;
    }
  if (ascending) return { chunkOf, rowOf };
  const timeOf = (place: number) => times[place] ?? 0;
  // Of equal times the chunk that stands first comes first.
  const order = Uint32Array.from(times.keys()).sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  const kept = order.filter((place, i) => i === 0 || timeOf(place) !== timeOf(order[i - 1] ?? 0));
  return { chunkOf: kept.map((place) => chunkOf[place] ?? 0), rowOf: kept.map((place) => rowOf[place] ?? 0) };
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
