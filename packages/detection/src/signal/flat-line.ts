import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// Notices that a signal which used to move stands still, to the last bit, for long.

const fewestReadings = 64;
const shortestRun = 24;
const rarelyMoves = 0.02;
const runLikelihood = 1e-7;
const memoryReadings = 512;
/** Shorter runs say nothing at all. */
const shortestTelling = 6;

const layout = new Layout();
const last = layout.floats();
const run = layout.counters();
/** 0 = none has ended. */
const longest = layout.floats();
const moveRate = layout.floats();
/** Up to {@link memoryReadings} or {@link fewestReadings}, whichever is more. */
const readings = layout.shorts(1);
export const flatLineWords = layout.words;

/**
 * Run length that is too long: three times the longest one of before, and so long that it would come
 * about by chance (the signal moves with its usual rate) less often than once in ten million readings.
 */
function tooLong({ f32, u16 }: Memory, at: number): number {
  const rate = f32[at + moveRate] ?? 0;
  if ((u16[(at << 1) + readings] ?? 0) < fewestReadings || rate < rarelyMoves)
    return Number.POSITIVE_INFINITY;
  const byChance = Math.log(runLikelihood) / Math.log(1 - Math.min(rate, 0.999));
  return Math.max(shortestRun, 3 * Math.max(1, f32[at + longest] ?? 0), byChance);
}

/** Takes the newest value. @returns evidence, above 1 = alarm; steep, so that half a run says little. */
export function flatLineEvidence(memory: Memory, at: number, value: number): number {
  const { i32, f32, u16 } = memory;
  const before = i32[at + run] ?? 0;
  const moved = before === 0 || value !== f32[at + last];
  // No limit is below the shortest run, so short ones need not be compared with it.
  const limit = before >= shortestTelling - 1 ? tooLong(memory, at) : shortestRun;
  if (moved) {
    const known = f32[at + longest] ?? 0;
    // A flagged standstill that ended is known from now on, but only by a quarter: it may have been a fault.
    if (before > limit) f32[at + longest] = Math.max(1, known) + (before - Math.max(1, known)) / 4;
    else if (before > known) f32[at + longest] = before;
    f32[at + last] = value;
  }
  const now = moved ? 1 : before + 1;
  i32[at + run] = now;
  if (now <= limit) {
    const seen = Math.min((u16[(at << 1) + readings] ?? 0) + 1, memoryReadings);
    const rate = f32[at + moveRate] ?? 0;
    u16[(at << 1) + readings] = seen;
    f32[at + moveRate] = rate + ((moved ? 1 : 0) - rate) / seen;
  }
  if (now < shortestTelling) return 0;
  const part = now / limit;
  return part * part * part * part;
}
