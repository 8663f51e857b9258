import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// How far a signal that mostly rests (a disk that is seldom read) goes when it does move: the mean of the highest
// points of its excursions. One excursion counts once, however long it lasts, and flagged ones count too: what comes
// back again and again is the habit of such a signal, and its quantiles cannot tell.

/** Excursions that must have been seen before they say what is usual. */
const fewest = 4;
const mostCounted = 32;

const layout = new Layout();
const mean = layout.floats();
/** Highest point of the excursion under way; 0 = at rest. */
const present = layout.floats();
const count = layout.bytes(1);
export const excursionsWords = layout.words;

/** Distance that is usual; 0 until enough excursions have been seen. */
export function usualExcursion({ f32, u8 }: Memory, at: number): number {
  return (u8[(at << 2) + count] ?? 0) < fewest ? 0 : (f32[at + mean] ?? 0);
}

/** @param distance from the level, at least 0. @param rest distances up to this one are rest */
export function observeExcursion({ f32, u8 }: Memory, at: number, distance: number, rest: number): void {
  const highest = f32[at + present] ?? 0;
  if (distance > rest) {
    if (distance > highest) f32[at + present] = distance;
    return;
  }
  if (highest === 0) return;
  const seen = Math.min((u8[(at << 2) + count] ?? 0) + 1, mostCounted);
  const before = f32[at + mean] ?? 0;
  u8[(at << 2) + count] = seen;
  f32[at + mean] = before + (highest - before) / seen;
  f32[at + present] = 0;
}
