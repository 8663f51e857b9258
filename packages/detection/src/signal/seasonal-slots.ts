import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { addRareValue, rareEvidence, rareValuesWords, rescaleRareValues } from './rare-values.ts';

// The usual course of a day: the mean of each full hour (UTC), on week days and at week-ends apart, against the mean of
// that hour so far. It speaks only where the hour explains at least half of how hourly means vary.

const slots = 48;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Times that an hour must have been seen. */
const fewest = 2;
const mostSeen = 8;
/** Hours compared before it speaks. */
const fewestCompared = 24;
/** Part of the squares that may be left unexplained. */
const mostLeft = 0.5;
const fading = 0.03;
const squareClip = 9;

const layout = new Layout();
/** Number of the slot under way, from 1; 0 = none. */
const slot = layout.bytes(1);
const compared = layout.bytes(1);
const rows = layout.counters();
const sum = layout.floats();
/** Mean square of what the hour does not explain, and of all. */
const left = layout.floats();
const all = layout.floats();
const mean = layout.floats(slots);
/** Four bits each. */
const seen = layout.bytes(slots / 2);
const rare = layout.part(rareValuesWords);
export const seasonalSlotsWords = layout.words;

function slotOf(timeMs: number): number {
  const weekday = (Math.floor(timeMs / dayMs) + 4) % 7;
  const hour = Math.floor(timeMs / hourMs) % 24;
  return 1 + hour + (weekday === 0 || weekday === 6 ? 24 : 0);
}

/**
 * Takes a scaled value in.
 * @returns evidence of the hour that it ends, 0 when it ends none
 */
export function takeSeasonalValue(memory: Memory, at: number, timeMs: number, value: number): number {
  const { f32, i32, u8 } = memory;
  const now = slotOf(Math.max(0, timeMs));
  let evidence = 0;
  if (now !== u8[(at << 2) + slot]) {
    if ((u8[(at << 2) + slot] ?? 0) > 0) evidence = endHour(memory, at);
    u8[(at << 2) + slot] = now;
    i32[at + rows] = 0;
    f32[at + sum] = 0;
  }
  f32[at + sum] = (f32[at + sum] ?? 0) + value;
  i32[at + rows] = (i32[at + rows] ?? 0) + 1;
  return evidence;
}

function endHour(memory: Memory, at: number): number {
  const { f32, i32, u8 } = memory;
  const place = (u8[(at << 2) + slot] ?? 1) - 1;
  const hourly = (f32[at + sum] ?? 0) / Math.max(1, i32[at + rows] ?? 1);
  const usual = f32[at + mean + place] ?? 0;
  const times = timesSeen(memory, at, place);
  let evidence = 0;
  if (times >= fewest) {
    const distance = hourly - usual;
    f32[at + left] = faded(f32[at + left] ?? 0, distance);
    f32[at + all] = faded(f32[at + all] ?? 0, hourly);
    const hours = Math.min(fewestCompared + 1, (u8[(at << 2) + compared] ?? 0) + 1);
    u8[(at << 2) + compared] = hours;
    const value = Math.abs(distance);
    if (hours > fewestCompared && (f32[at + left] ?? 0) < mostLeft * (f32[at + all] ?? 0))
      evidence = rareEvidence(memory, at + rare, value, 0, 0);
    addRareValue(memory, at + rare, value, 1);
  }
  const count = Math.min(times + 1, mostSeen);
  const seenAt = (at << 2) + seen + (place >> 1);
  const shift = 4 * (place & 1);
  u8[seenAt] = ((u8[seenAt] ?? 0) & ~(15 << shift)) | (count << shift);
  f32[at + mean + place] = usual + (hourly - usual) / count;
  return evidence;
}

function timesSeen({ u8 }: Memory, at: number, place: number): number {
  return ((u8[(at << 2) + seen + (place >> 1)] ?? 0) >> (4 * (place & 1))) & 15;
}

function faded(before: number, value: number): number {
  return before + fading * (Math.min(squareClip, value * value) - before);
}

/** Follows a change of scale and origin: z becomes by·z + shift. */
export function rescaleSeason(memory: Memory, at: number, by: number, shift: number): void {
  const { f32, i32 } = memory;
  rescaleRareValues(memory, at + rare, by);
  f32[at + left] = by * by * (f32[at + left] ?? 0);
  f32[at + all] = by * by * (f32[at + all] ?? 0);
  f32[at + sum] = by * (f32[at + sum] ?? 0) + shift * (i32[at + rows] ?? 0);
  for (let i = 0; i < slots; i += 1)
    if (timesSeen(memory, at, i) > 0) f32[at + mean + i] = by * (f32[at + mean + i] ?? 0) + shift;
}
