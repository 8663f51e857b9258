import {
  blockWindowWords,
  learnBlockWindow,
  rescaleBlockWindow,
  takeBlockValue,
} from '../signal/block-window.ts';
import { addRareValue, rareEvidence, rareValuesWords } from '../signal/rare-values.ts';
import { centerOf, deviationOf, highOf, lowOf } from '../signal/robust-scale.ts';
import { rescaleSeason, seasonalSlotsWords, takeSeasonalValue } from '../signal/seasonal-slots.ts';
import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// The members that look at a signal which is scored by itself: whether its value is higher, lower, or a larger step from
// the one before than ever; whether the course of the last minutes or hours is an unusual one; whether the hour is.

const perBlock = 16;
const shortBlock = 8;
const longBlock = 32;
/** Least excess of values and steps, in deviations. */
const leastExcess = 0.02;
/** Scaled values beyond are cut down to their logarithm. */
const clip = 8;
/** A deviation is at least this part of the range seen of late. */
const leastPartOfRange = 1 / 60;
/** The scale that windows are kept in is changed when the signal's own is so many times as wide, or as narrow, */
const mostWider = 2;
/** or has moved by so many deviations. */
const mostMoved = 4;
/** Beyond such a change of scale windows begin anew. */
const mostRescaled = 1e6;
/** What stands in for hidden values: an average over about so many. */
const smoothing = 5;

/** A step over more than so many usual intervals is no step. */
const longestStep = 3;
const intervalWeight = 0.05;
const stepWeight = 0.05;
const largestStep = 1e37;
/** Per hidden reading the signal may have moved by so many usual steps. */
const mostUsualSteps = 3;

const layout = new Layout();
/** Of the value before, epoch ms. */
const previousMs = layout.doubles();
/** Usual time between readings, ms; 0 = unknown. */
const intervalMs = layout.floats();
/** Scale of the windows; 0 = none yet. */
const unit = layout.floats();
const origin = layout.floats();
const previous = layout.floats();
const smooth = layout.floats();
/** Mean size of the last steps. */
const usualStep = layout.floats();
const started = layout.bytes(1);
/** Hidden readings since the value before, of which there are few in a row. */
const held = layout.bytes(1);
const high = layout.part(rareValuesWords);
const low = layout.part(rareValuesWords);
const step = layout.part(rareValuesWords);
const short = layout.part(blockWindowWords);
const long = layout.part(blockWindowWords);
const season = layout.part(seasonalSlotsWords);
export const soloMembersWords = layout.words;

/** A value on its way. Callers use one object again and again: one for each value costs more than what is done with it. */
export interface SoloValue {
  value: number;
  /** When it was read, epoch ms. */
  timeMs: number;
  /** Whether windows and averages go on as if it had not been. */
  hidden: boolean;
  /** Whether it says what is usual. */
  learns: boolean;
}

/**
 * Evidence, -ln p, of the value itself: higher or lower than ever, or a larger step.
 * @param scale where the scale of the signal lies
 */
export function valueEvidence(
  memory: Memory,
  at: number,
  { value, timeMs }: Readonly<SoloValue>,
  scale: number,
): number {
  follow(memory, at, scale);
  const { f32 } = memory;
  const least = leastExcess * (f32[at + unit] ?? 0);
  const centre = f32[at + origin] ?? 0;
  return Math.max(
    rareEvidence(memory, at + high, value, centre, least),
    rareEvidence(memory, at + low, -value, -centre, least),
    rareEvidence(memory, at + step, stepTo(memory, at, value, timeMs), 0, least),
  );
}

/**
 * Takes the value into its windows.
 * @returns evidence, -ln p, of the windows and of the hour that it completes
 */
export function windowEvidence(
  memory: Memory,
  at: number,
  { value, timeMs, hidden }: Readonly<SoloValue>,
): number {
  const { f32, u8 } = memory;
  // The recent level stands in for a hidden value, so that it leaves no echo.
  if (hidden && u8[(at << 2) + started] === 1) return takeScaled(memory, at, f32[at + smooth] ?? 0, timeMs);
  const scaled = soft((value - (f32[at + origin] ?? 0)) / (f32[at + unit] || 1));
  const before = u8[(at << 2) + started] === 1 ? (f32[at + smooth] ?? 0) : scaled;
  f32[at + smooth] = before + (scaled - before) / smoothing;
  return takeScaled(memory, at, scaled, timeMs);
}

function takeScaled(memory: Memory, at: number, scaled: number, timeMs: number): number {
  return Math.max(
    takeBlockValue(memory, at + short, scaled, shortBlock),
    takeBlockValue(memory, at + long, scaled, longBlock),
    takeSeasonalValue(memory, at + season, timeMs, scaled),
  );
}

/** Goes on to the next reading. */
export function learnSolo(
  memory: Memory,
  at: number,
  { value, timeMs, hidden, learns }: Readonly<SoloValue>,
): void {
  const { f32, f64, u8 } = memory;
  if (learns) {
    addRareValue(memory, at + high, value, perBlock);
    addRareValue(memory, at + low, -value, perBlock);
    addRareValue(memory, at + step, stepTo(memory, at, value, timeMs), perBlock);
    learnBlockWindow(memory, at + short);
    learnBlockWindow(memory, at + long);
  }
  if (!hidden) {
    const usual = f32[at + usualStep] ?? 0;
    const step = Math.min(stepTo(memory, at, value, timeMs), largestStep);
    f32[at + usualStep] = usual + stepWeight * (step - usual);
  }
  const holds = hidden && u8[(at << 2) + started] === 1;
  u8[(at << 2) + held] = holds ? Math.min(255, (u8[(at << 2) + held] ?? 0) + 1) : 0;
  if (!holds) f32[at + previous] = value;
  if (u8[(at << 2) + started] === 1) {
    const interval = timeMs - (f64[(at >> 1) + previousMs] ?? 0);
    const usual = f32[at + intervalMs] ?? 0;
    f32[at + intervalMs] =
      usual === 0 ? interval : usual + intervalWeight * (Math.min(interval, 2 * usual) - usual);
  }
  f64[(at >> 1) + previousMs] = timeMs;
  u8[(at << 2) + started] = 1;
}

/** Size of the step to a value; 0 when nothing is before it, or not near enough. */
function stepTo({ f32, f64, u8 }: Memory, at: number, value: number, timeMs: number): number {
  if (u8[(at << 2) + started] === 0) return 0;
  const usual = f32[at + intervalMs] ?? 0;
  if (usual > 0 && timeMs - (f64[(at >> 1) + previousMs] ?? 0) > longestStep * usual) return 0;
  const step = Math.abs(value - (f32[at + previous] ?? 0));
  // Back from an anomaly the signal may have gone on by some usual steps: else each of them would hide the next one.
  const drift = mostUsualSteps * (u8[(at << 2) + held] ?? 0) * (f32[at + usualStep] ?? 0);
  return step > drift ? step : 0;
}

function soft(scaled: number): number {
  const size = Math.abs(scaled);
  return size <= clip ? scaled : Math.sign(scaled) * (clip + Math.log(size / clip));
}

/** Lets the scale of the windows follow that of the signal, in few large steps. */
function follow(memory: Memory, at: number, scale: number): void {
  const { f32 } = memory;
  const known = f32[at + unit] ?? 0;
  const range = highOf(memory, scale) - lowOf(memory, scale);
  const width = Math.max(deviationOf(memory, scale), leastPartOfRange * range);
  const centre = centerOf(memory, scale);
  if (known === 0) {
    f32[at + unit] = width;
    f32[at + origin] = centre;
    return;
  }
  const moved = Math.abs(centre - (f32[at + origin] ?? 0)) / width;
  if (width < mostWider * known && known < mostWider * width && moved < mostMoved) return;
  const by = known / width;
  const shift = ((f32[at + origin] ?? 0) - centre) / width;
  if (by > mostRescaled || by * mostRescaled < 1 || Math.abs(shift) > mostRescaled) {
    // Nothing is left of what was known at that scale.
    f32.fill(0, at + short, at + short + 2 * blockWindowWords + seasonalSlotsWords);
    f32[at + smooth] = 0;
  } else {
    rescaleBlockWindow(memory, at + short, by, shift);
    rescaleBlockWindow(memory, at + long, by, shift);
    rescaleSeason(memory, at + season, by, shift);
    f32[at + smooth] = by * (f32[at + smooth] ?? 0) + shift;
  }
  f32[at + unit] = width;
  f32[at + origin] = centre;
}
