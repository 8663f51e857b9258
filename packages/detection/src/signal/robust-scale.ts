import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { addToSample, decimatedSampleWords, sampleCount, sampleQuantile } from './decimated-sample.ts';
import { excursionsWords, observeExcursion, usualExcursion } from './excursions.ts';

// Level and spread of one signal from up to 2048 recent readings that were not flagged: median, 5 to 95 %
// span as a standard deviation, and the extremes. A signal that mostly rests has no such span; its spread is how far
// it usually goes when it moves.

/** Scaled values beyond this many robust deviations are cut off, so that one of them cannot rule a window. */
export const scaleClip = 8;

/** Width of the 5 to 95 % span of a normal distribution in standard deviations. */
const normalSpan = 3.29;
/** Extremes come in again by this part of their distance to the 5 or 95 % point with every reading. */
const extremeDecay = 1 / 2048;
/** A channel that stands still gets this part of its level as deviation; nothing is ever divided by 0. */
const constantFloor = 2e-3;
const absoluteFloor = 1e-6;
const fewestReadings = 16;
/** Within Float32; no deviation of floats is larger. */
const largestDistance = 3e38;

const layout = new Layout();
/** Extremes: what they come in by may be less than a float can tell. */
const low = layout.doubles();
const high = layout.doubles();
const center = layout.floats();
/** Deviation from the sample alone. */
const spread = layout.floats();
const deviation = layout.floats();
const excursions = layout.part(excursionsWords);
const sample = layout.part(decimatedSampleWords);
export const robustScaleWords = layout.words;

/** Whether it has seen enough readings to judge others. */
export function scaleIsKnown(memory: Memory, at: number): boolean {
  return sampleCount(memory, at + sample) >= fewestReadings;
}

export function centerOf({ f32 }: Memory, at: number): number {
  return f32[at + center] ?? 0;
}

/** Robust standard deviation, above 0. */
export function deviationOf({ f32 }: Memory, at: number): number {
  return f32[at + deviation] || absoluteFloor;
}

/** Lowest value of late. */
export function lowOf({ f64 }: Memory, at: number): number {
  return f64[(at >> 1) + low] ?? 0;
}

/** Highest value of late. */
export function highOf({ f64 }: Memory, at: number): number {
  return f64[(at >> 1) + high] ?? 0;
}

/** Takes a reading that is to be learnt from. */
export function addToScale(memory: Memory, at: number, value: number): void {
  const { f32, f64 } = memory;
  const lowAt = (at >> 1) + low;
  const highAt = (at >> 1) + high;
  if (sampleCount(memory, at + sample) === 0) {
    f64[lowAt] = value;
    f64[highAt] = value;
  }
  if (addToSample(memory, at + sample, value)) {
    f32[at + center] = sampleQuantile(memory, at + sample, 0.5);
    const span = sampleQuantile(memory, at + sample, 0.95) - sampleQuantile(memory, at + sample, 0.05);
    f32[at + spread] = Math.min(span / normalSpan, largestDistance);
    settle(memory, at);
  }
  const middle = f32[at + center] ?? 0;
  const reach = 0.5 * normalSpan * deviationOf(memory, at);
  const lowest = f64[lowAt] ?? 0;
  const highest = f64[highAt] ?? 0;
  f64[lowAt] = Math.min(value, lowest + Math.max(0, middle - reach - lowest) * extremeDecay);
  f64[highAt] = Math.max(value, highest - Math.max(0, highest - middle - reach) * extremeDecay);
}

/** Every reading, flagged or not, before it is learnt from or passed over. */
export function observeValue(memory: Memory, at: number, value: number): void {
  if (!scaleIsKnown(memory, at)) return;
  const distance = Math.min(largestDistance, Math.abs(value - (memory.f32[at + center] ?? 0)));
  observeExcursion(memory, at + excursions, distance, normalSpan * floorOf(memory, at));
  settle(memory, at);
}

function floorOf({ f32 }: Memory, at: number): number {
  return Math.max(absoluteFloor, constantFloor * Math.abs(f32[at + center] ?? 0));
}

function settle(memory: Memory, at: number): void {
  const { f32 } = memory;
  const floor = floorOf(memory, at);
  const own = f32[at + spread] ?? 0;
  f32[at + deviation] = own <= floor ? Math.max(floor, usualExcursion(memory, at + excursions)) : own;
}
