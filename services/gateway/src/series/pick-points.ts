import { readingFlags } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';

/**
 * Picks at most `points` rows of a history so that a chart drawn from them looks like one drawn from all: the range
 * is cut into buckets of equally many rows, and each bucket gives the row of the least and of the greatest value of
 * each signal, the row of its highest score, and its strongest alarm. Rows are picked, never averaged, so every
 * point is a reading, and all signals share one time axis. Returns ascending row indexes; the first and last row
 * are among them. Where even one bucket has more such rows than `points` (many signals), the alarm and the score
 * come first, then signals in order.
 */
export function pickPoints(rows: HistoryRows, points: number): number[] {
  const length = rows.times.length;
  if (length <= points) return Array.from({ length }, (_, row) => row);
  if (points < 3)
    return points < 1
      ? []
      : [strongest(rows, 0, length, false)]
          .concat(points > 1 ? [length - 1] : [])
          .filter(unique)
          .sort(ascending);
  const budget = points - 2;
  for (let buckets = Math.floor(budget / 2); buckets > 1; buckets = Math.floor(buckets * 0.75)) {
    const picked = pickFromBuckets(rows, buckets);
    if (picked.size <= points) return [...picked].sort(ascending);
  }
  const first = [0, length - 1, ...bucketRows(rows, 0, length)].filter(unique);
  return first.slice(0, points).sort(ascending);
}

function pickFromBuckets(rows: HistoryRows, buckets: number): Set<number> {
  const length = rows.times.length;
  const picked = new Set([0, length - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * length) / buckets);
    const to = Math.floor(((bucket + 1) * length) / buckets);
    for (const row of bucketRows(rows, from, to)) picked.add(row);
  }
  return picked;
}

/** The rows of [from, to) that must not be lost, most important first; some may repeat. */
function bucketRows(rows: HistoryRows, from: number, to: number): number[] {
  if (to <= from) return [];
  const picked = [strongest(rows, from, to, true), strongest(rows, from, to, false)].filter(
    (row) => row >= 0,
  );
  const width = rows.signals.length;
  for (let signal = 0; signal < width; signal++) {
    let least = -1;
    let greatest = -1;
    for (let row = from; row < to; row++) {
      const value = rows.values[row * width + signal] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      if (least < 0 || value < (rows.values[least * width + signal] ?? 0)) least = row;
      if (greatest < 0 || value > (rows.values[greatest * width + signal] ?? 0)) greatest = row;
    }
    if (least >= 0) picked.push(least, greatest);
  }
  return picked;
}

/** The row of the highest score in [from, to), among alarms only if wanted; -1 when there is none. */
function strongest(rows: HistoryRows, from: number, to: number, alarmsOnly: boolean): number {
  let best = -1;
  for (let row = from; row < to; row++) {
    if (alarmsOnly && ((rows.flags[row] ?? 0) & readingFlags.alarm) === 0) continue;
    if (best < 0 || (rows.score[row] ?? 0) > (rows.score[best] ?? 0)) best = row;
  }
  return best;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function unique(row: number, index: number, all: readonly number[]): boolean {
  return all.indexOf(row) === index;
}
