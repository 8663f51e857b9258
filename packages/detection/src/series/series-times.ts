import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { intervalsWords, takeTime } from '../unit/intervals.ts';

// What is remembered of the times of a series' readings.

/** Times kept to tell a repeated reading from a late one, as steps back from the newest. */
const timesKept = 32;
const longestStep = 2 ** 31 - 1;

const layout = new Layout();
const newest = layout.doubles();
/** Readings ever taken. */
const readings = layout.counters();
/** Of the newest ones, the time since the one before, ms; 0 = none, or one that takes more than a whole number of 31 bits. */
const steps = layout.counters(timesKept);
const intervals = layout.part(intervalsWords);
export const seriesWords = layout.words;

export function readingCount({ i32 }: Memory, at: number): number {
  return i32[at + readings] ?? 0;
}

/** Event time of the newest reading; −∞ when there is none. */
export function newestTime({ i32, f64 }: Memory, at: number): number {
  return (i32[at + readings] ?? 0) === 0 ? Number.NEGATIVE_INFINITY : (f64[(at >> 1) + newest] ?? 0);
}

/** Takes the time of a reading that is newer than all before. @returns whether a gap lies before it */
export function advance(memory: Memory, at: number, time: number, gapIntervals: number): boolean {
  const { i32, f64 } = memory;
  const seen = i32[at + readings] ?? 0;
  const step = time - (f64[(at >> 1) + newest] ?? 0);
  i32[at + steps + (seen % timesKept)] = seen > 0 && Number.isInteger(step) && step <= longestStep ? step : 0;
  f64[(at >> 1) + newest] = time;
  i32[at + readings] = seen + 1;
  return takeTime(memory, at + intervals, time, gapIntervals);
}

/** Why a reading that is not newer than all before cannot be taken. */
export function refusal({ i32, f64 }: Memory, at: number, time: number): 'duplicate' | 'late' {
  const seen = i32[at + readings] ?? 0;
  let known = f64[(at >> 1) + newest] ?? Number.NaN;
  // Repeated readings are mostly recent ones, so look from the newest back.
  for (let back = 1; back <= Math.min(seen, timesKept); back += 1) {
    if (known === time) return 'duplicate';
    const step = i32[at + steps + ((seen - back) % timesKept)] ?? 0;
    if (known < time || step === 0) return 'late';
    known -= step;
  }
  return 'late';
}
