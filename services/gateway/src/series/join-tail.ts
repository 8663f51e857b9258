import type { ScoredReadings } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';

/**
 * Joins stored history with the newest readings from a detector's memory: of the tail only what is later than the
 * stored rows and not later than `toMs`. Signals are the union, history's first; what a part does not have is NaN.
 */
export function joinTail(
  stored: HistoryRows | null,
  tail: ScoredReadings | null,
  fromMs: number,
  toMs: number,
): HistoryRows {
  const base = stored ?? emptyRows(tail?.signals ?? []);
  if (tail === null) return base;
  const newestMs = base.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const taken: number[] = [];
  let beforeMs = newestMs;
  for (const [index, time] of tail.times.entries())
    if (time > beforeMs && time >= fromMs && time <= toMs) {
      taken.push(index);
      beforeMs = time;
    }
  if (taken.length === 0) return base;
  return append(base, tail, taken);
}

function append(base: HistoryRows, tail: ScoredReadings, taken: readonly number[]): HistoryRows {
  const signals = [...base.signals, ...tail.signals.filter((signal) => !base.signals.includes(signal))];
  const length = base.times.length + taken.length;
  const width = signals.length;
  const joined = {
    signals,
    times: new Float64Array(length),
    values: new Float32Array(length * width).fill(Number.NaN),
    expected: new Float32Array(length * width).fill(Number.NaN),
    band: new Float32Array(length * width).fill(Number.NaN),
    score: new Float32Array(length),
    flags: new Uint8Array(length),
  };
  const start = base.times.length;
  joined.times.set(base.times);
  joined.score.set(base.score);
  joined.flags.set(base.flags);
  for (const [position, index] of taken.entries()) {
    joined.times[start + position] = tail.times[index] ?? 0;
    joined.score[start + position] = tail.score[index] ?? 0;
    joined.flags[start + position] = tail.flags[index] ?? 0;
  }
  for (const column of ['values', 'expected', 'band'] as const)
    for (const [at, signal] of signals.entries()) {
      const inBase = base.signals.indexOf(signal);
      if (inBase >= 0)
        for (let row = 0; row < start; row++)
          joined[column][row * width + at] = base[column][row * base.signals.length + inBase] ?? Number.NaN;
      const inTail = tail.signals.indexOf(signal);
      if (inTail >= 0)
        for (const [position, index] of taken.entries())
          joined[column][(start + position) * width + at] =
            tail[column][index * tail.signals.length + inTail] ?? Number.NaN;
    }
  return joined;
}

function emptyRows(signals: readonly string[]): HistoryRows {
  return {
    signals,
    times: new Float64Array(),
    values: new Float32Array(),
    expected: new Float32Array(),
    band: new Float32Array(),
    score: new Float32Array(),
    flags: new Uint8Array(),
  };
}
