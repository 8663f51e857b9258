import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// How far the newest value of a signal is from its short past, on three time scales: from the value before, and from
// two exponential averages. Each is measured in its own root mean square so far. All of it is worked out in place, and
// needs no training: a signal that never moved sets its own scale with its first moves.

/** Readings over which the averages reach; the first is the value before. */
const reaches = [1, 3, 10] as const;
export const deviationScales = reaches.length;
const scales = deviationScales;
/** A deviation is measured in at least this part of the standard deviation of the signal itself. */
const leastPart = 0.15;
/** Scaled deviations beyond are cut off; in the mean square, already beyond half of that. */
const clip = 32;
const learntClip = 16;
/** A square of at most so many mean squares is surely not beyond. */
const surelyWithin = 0.9 * learntClip ** 2;
const smallest = 1e-9;
/** So that nothing leaves the range of Float32. */
const largest = 3e38;
/** Older readings fade from so many on. */
const mostReadings = 16_384;

const layout = new Layout();
const average = layout.floats(scales);
/** Mean squares. */
const square = layout.floats(scales);
const mean = layout.floats();
const variance = layout.floats();
const count = layout.shorts(1);
export const localDeviationsWords = layout.words;

/** Mean of the squared scaled deviations of a value from its past; 0 for the first value. */
export function squaredDeviation(memory: Memory, at: number, value: number): number {
  const { f32, u16 } = memory;
  if (u16[(at << 1) + count] === 0) return 0;
  const least = leastPart * Math.sqrt(f32[at + variance] ?? 0);
  let sum = 0;
  for (let scale = 0; scale < scales; scale += 1) {
    const unit = Math.max(Math.sqrt(f32[at + square + scale] ?? 0), least, smallest);
    const off = Math.min(clip, Math.abs(value - (f32[at + average + scale] ?? 0)) / unit);
    sum += off * off;
  }
  return sum / scales;
}

/** How far a value is from its past on one of the scales, in its own unit; 0 for the first value. */
export function deviationFrom({ f32, u16 }: Memory, at: number, scale: number, value: number): number {
  return u16[(at << 1) + count] === 0 ? 0 : value - (f32[at + average + scale] ?? 0);
}

/** A value to take in. */
export interface NextValue {
  value: number;
  /** What the averages follow: an outlier would leave its echo in what comes next. `NaN` = they stay. */
  followed: number;
  /** Whether it says how large deviations are. */
  learns: boolean;
}

/** Takes a value in. @param how is only read: callers use one again and again, for an object per value costs more */
export function takeDeviation(memory: Memory, at: number, how: Readonly<NextValue>): void {
  const { value, followed, learns } = how;
  const { f32, u16 } = memory;
  const known = u16[(at << 1) + count] ?? 0;
  if (known === 0) {
    for (let scale = 0; scale < scales; scale += 1) f32[at + average + scale] = value;
    f32[at + mean] = value;
    u16[(at << 1) + count] = 1;
    return;
  }
  const part = 1 / Math.min(known + 1, mostReadings);
  for (let scale = 0; scale < scales; scale += 1) {
    const old = f32[at + average + scale] ?? 0;
    const off = value - old;
    if (learns) {
      const before = f32[at + square + scale] ?? 0;
      const size = Math.abs(off);
      // Of the first moves of a signal nothing is cut off: there is no scale yet that they could be beyond.
      const within = before === 0 || size * size <= surelyWithin * before;
      const taken = within ? size : Math.min(size, learntClip * unitOf(memory, at, scale));
      f32[at + square + scale] = Math.min(before + part * (taken * taken - before), 1e38);
    }
    if (!Number.isNaN(followed))
      f32[at + average + scale] = bounded(old + (followed - old) / Math.min(reaches[scale] ?? 1, known + 1));
  }
  if (learns) {
    const off = value - (f32[at + mean] ?? 0);
    f32[at + mean] = (f32[at + mean] ?? 0) + part * off;
    f32[at + variance] = Math.min(
      (f32[at + variance] ?? 0) + part * (off * off - (f32[at + variance] ?? 0)),
      1e38,
    );
  }
  u16[(at << 1) + count] = Math.min(known + 1, mostReadings);
}

/** In what deviations on one of the scales are measured. */
function unitOf({ f32 }: Memory, at: number, scale: number): number {
  const least = leastPart * Math.sqrt(f32[at + variance] ?? 0);
  return Math.max(Math.sqrt(f32[at + square + scale] ?? 0), least, smallest);
}

function bounded(value: number): number {
  return Math.max(-largest, Math.min(largest, value));
}
