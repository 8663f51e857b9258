import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// Knows the typical time between readings and so what a gap is.

const capacity = 16;
const fewest = 8;

const layout = new Layout();
const newest = layout.doubles();
/** Times taken. */
const count = layout.counters();
/** At most the shortest of the intervals kept. */
const bound = layout.floats();
/** Upper halves of floats, rounded up: what is exactly so many times as long is no gap, however it was rounded. */
const intervals = layout.shorts(capacity);
export const intervalsWords = layout.words;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Time of the newest reading, epoch ms. */
export function newestUnitTime({ f64 }: Memory, at: number): number {
  return f64[(at >> 1) + newest] ?? 0;
}

/** Takes the time of the newest reading, later than all before. @returns whether a gap lies before it. */
export function takeTime(memory: Memory, at: number, time: number, gapIntervals: number): boolean {
  const { f64, f32, i32, u16 } = memory;
  const newestAt = (at >> 1) + newest;
  const interval = Math.fround(time - (f64[newestAt] ?? 0));
  const seen = i32[at + count] ?? 0;
  f64[newestAt] = time;
  i32[at + count] = seen + 1;
  if (seen === 0) {
    f32[at + bound] = Number.POSITIVE_INFINITY;
    return false;
  }
  const known = seen - 1;
  const shortest = f32[at + bound] ?? 0;
  const gap =
    known >= fewest && interval > gapIntervals * shortest && isLong(memory, at, interval, gapIntervals);
  float[0] = interval;
  u16[(at << 1) + intervals + (known % capacity)] = ((bits[0] ?? 0) + 0xffff) >>> 16;
  if (interval < (f32[at + bound] ?? 0)) f32[at + bound] = interval;
  return gap;
}

/** Whether an interval is longer than many times the median of those kept; makes the bound tight again. */
function isLong({ f32, i32, u16 }: Memory, at: number, interval: number, gapIntervals: number): boolean {
  const kept = Math.min((i32[at + count] ?? 0) - 2, capacity);
  let longer = 0;
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < kept; i += 1) {
    bits[0] = (u16[(at << 1) + intervals + i] ?? 0) << 16;
    const one = float[0] ?? 0;
    if (interval > gapIntervals * one) longer += 1;
    shortest = Math.min(shortest, one);
  }
  f32[at + bound] = shortest;
  return longer > kept >> 1;
}
