import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// What is remembered of the times of a series' readings.

/** Times kept to tell a repeated reading from a late one, as steps back from the newest. */
const timesKept = 32;
const longestStep = 2 ** 31 - 1;
/** Newest steps of which the median says what a gap is, and how many there must be. */
const stepsCompared = 16;
const fewestCompared = 8;

const layout = new Layout();
const newest = layout.doubles();
/** Readings ever taken. */
const readings = layout.counters();
/** At most the shortest of the steps that are compared. */
const bound = layout.floats();
/**
 * Of the newest ones, the time since the one before, ms; 0 = none. Below 0 = it is no whole number of 31 bits, and about
 * so long: enough to know gaps by, not to tell whether a time was there before.
 */
const steps = layout.counters(timesKept);
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
  const { f32, f64, i32 } = memory;
  const seen = i32[at + readings] ?? 0;
  const step = time - (f64[(at >> 1) + newest] ?? 0);
  f64[(at >> 1) + newest] = time;
  i32[at + readings] = seen + 1;
  if (seen === 0) {
    f32[at + bound] = Number.POSITIVE_INFINITY;
    return false;
  }
  const known = seen - 1;
  const gap =
    known >= fewestCompared &&
    Math.fround(step) > gapIntervals * (f32[at + bound] ?? 0) &&
    isLong(memory, at, Math.fround(step), gapIntervals);
  i32[at + steps + (seen % timesKept)] =
    Number.isInteger(step) && step <= longestStep
      ? step
      : -Math.min(longestStep, Math.max(1, Math.round(step)));
  if (step < (f32[at + bound] ?? 0)) f32[at + bound] = step;
  return gap;
}

/** Whether a step is longer than many times the median of the newest ones; makes the bound tight again. */
function isLong({ f32, i32 }: Memory, at: number, step: number, gapIntervals: number): boolean {
  const seen = (i32[at + readings] ?? 0) - 1;
  const compared = Math.min(seen - 1, stepsCompared);
  let longer = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let back = 1; back <= compared; back += 1) {
    const one = Math.fround(Math.abs(i32[at + steps + ((seen - back) % timesKept)] ?? 0));
    if (step > gapIntervals * one) longer += 1;
    shortest = Math.min(shortest, one);
  }
  f32[at + bound] = shortest;
  return longer > compared >> 1;
}

/** Why a reading that is not newer than all before cannot be taken. */
export function refusal({ i32, f64 }: Memory, at: number, time: number): 'duplicate' | 'late' {
  const seen = i32[at + readings] ?? 0;
  let known = f64[(at >> 1) + newest] ?? Number.NaN;
  // Repeated readings are mostly recent ones, so look from the newest back.
  for (let back = 1; back <= Math.min(seen, timesKept); back += 1) {
    if (known === time) return 'duplicate';
    const step = i32[at + steps + ((seen - back) % timesKept)] ?? 0;
    if (known < time || step <= 0) return 'late';
    known -= step;
  }
  return 'late';
}
