import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// How far the signals of a unit usually are from their short past: the 80 % point of the logarithm of that distance,
// followed in small steps. What is many times as far is odd even where still farther was seen once: a machine has more
// than one great day.

/** Steps that the level goes up with a distance above it, and down with one below: 4 to 1 finds the 80 % point. */
const up = 0.0024;
const down = 0.0006;
/** In the beginning steps are larger, and the level begins so much above the first distance. */
const hasty = 3;
const hastyReadings = 200;
const firstAbove = 0.3;
/** From so far above on, a distance hardly moves the level: what lasts becomes usual, but slowly. */
const hot = 1;
const hotPart = 0.3;
/** Distances before it says anything. */
const fewest = 64;
/** Logarithm of how many times the usual distance is an alarm: 3.3 times. */
const alarmAbove = 1.2;
const smallest = 1e-9;

const layout = new Layout();
const level = layout.floats();
const count = layout.counters();
export const usualDistanceWords = layout.words;

/** The logarithm of how many times the usual one a distance is, in those of an alarm; 0 while little is known. */
export function overUsual({ f32, i32 }: Memory, at: number, distance: number): number {
  if ((i32[at + count] ?? 0) <= fewest) return 0;
  return (Math.log(distance + smallest) - (f32[at + level] ?? 0)) / alarmAbove;
}

/** Whether a distance is so unusual that of many like it only few should be learnt from. */
export function isHot({ f32, i32 }: Memory, at: number, distance: number): boolean {
  return (i32[at + count] ?? 0) > fewest && Math.log(distance + smallest) > (f32[at + level] ?? 0) + hot;
}

/** Takes a distance in, an unusual one too. */
export function takeDistance({ f32, i32 }: Memory, at: number, distance: number): void {
  const logarithm = Math.log(distance + smallest);
  const seen = i32[at + count] ?? 0;
  const known = seen === 0 ? logarithm + firstAbove : (f32[at + level] ?? 0);
  const part = (seen < hastyReadings ? hasty : 1) * (seen > fewest && logarithm > known + hot ? hotPart : 1);
  f32[at + level] = known + (logarithm > known ? up : -down) * part;
  i32[at + count] = Math.min(seen + 1, hastyReadings);
}
