import type { Slot } from '../state/memory.ts';
import { counted, counterWords, missingMs, Stage, stage } from './counter-state.ts';
import { newestUnitTime } from './intervals.ts';
import { cleanAt } from './reading-ring.ts';
import type { UnitReadings } from './unit-readings.ts';
import { intervalsPart, rowCount, type UnitShape } from './unit-state.ts';

// A signal that only grows is a counter, and what it says is how fast it grows. Once that is known the unit starts anew
// and sees, in place of the count, its growth per second. When what it counts for begins anew the count falls to near
// zero: that is no news by itself. What it shows then is the least that it has grown by since.

/** Readings of a unit after which it is decided which of its signals are counters, */
const decidedAfter = 64;
/** and in how many of them one must have grown; a switch that was turned on once is no counter. */
const fewestClimbs = 48;
/** A counter that was reset shows at most this part of what it had counted. */
const leftAfterReset = 1 / 8;
/** After so many falls that were no resets it was none. */
const mostFalls = 8;

/**
 * Lets a unit see how fast those of its signals grow that are counters. Fills in what the growth must be multiplied with
 * and added to so that it is a count again.
 */
export function takeCounts(shape: UnitShape, unit: Slot, readings: UnitReadings, reading: number): void {
  const { u8 } = unit.memory;
  const first = reading * shape.width;
  let anew = false;
  for (let column = 0; column < shape.width; column += 1) {
    readings.gain[first + column] = 1;
    readings.origin[first + column] = 0;
    const counter = unit.at + shape.counters + column * counterWords;
    if (u8[(counter << 2) + stage] === Stage.none) continue;
    if (takeCount(shape, unit, readings, { reading, column, counter })) anew = true;
  }
  if (anew) startAnew(shape, unit);
}

interface CountedSignal {
  readonly reading: number;
  readonly column: number;
  /** First word of what is known of it. */
  readonly counter: number;
}

/** @returns whether the signal turned out to be a counter, or none after all */
function takeCount(shape: UnitShape, unit: Slot, readings: UnitReadings, signal: CountedSignal): boolean {
  const { memory, at } = unit;
  const { f32, f64, i32, u8 } = memory;
  const { reading, column, counter } = signal;
  const value = readings.values[reading * shape.width + column] ?? Number.NaN;
  const stageAt = (counter << 2) + stage;
  const missingAt = counter + missingMs;
  const known = u8[stageAt] ?? 0;
  const before = f64[(counter >> 1) + counted] ?? 0;
  const rows = i32[at + rowCount] ?? 0;
  const next = nextStage(known, { before, value, rows });
  u8[stageAt] = next;
  if (next === Stage.none) return known >= Stage.counter;
  const passedMs =
    (readings.times[reading] ?? 0) - newestUnitTime(memory, at + intervalsPart) + (f32[missingAt] ?? 0);
  if (Number.isNaN(value)) {
    if (known !== Stage.unseen) f32[missingAt] = passedMs;
    return false;
  }
  if (next >= Stage.counter) see(shape, unit, readings, { ...signal, before, passedMs });
  f64[(counter >> 1) + counted] = value;
  f32[missingAt] = 0;
  return known < Stage.counter && next >= Stage.counter;
}

function nextStage(
  known: number,
  { before, value, rows }: { readonly before: number; readonly value: number; readonly rows: number },
): number {
  if (known >= Stage.counter) {
    if (value >= before || Number.isNaN(value) || isReset(before, value)) return known;
    return known + 1 < Stage.counter + mostFalls ? known + 1 : Stage.none;
  }
  if (value < 0 || (known !== Stage.unseen && value < before)) return Stage.none;
  if (rows >= decidedAfter) {
    // It becomes one at a value, so that there is something to see.
    if (known <= fewestClimbs) return Stage.none;
    return Number.isNaN(value) ? known : Stage.counter;
  }
  if (Number.isNaN(value)) return known;
  return known === Stage.unseen || value > before ? known + 1 : known;
}

function isReset(before: number, value: number): boolean {
  return value < before && value >= 0 && value <= leftAfterReset * before;
}

/** Puts the growth in place of the count. */
function see(
  shape: UnitShape,
  unit: Slot,
  readings: UnitReadings,
  {
    reading,
    column,
    before,
    passedMs,
  }: CountedSignal & { readonly before: number; readonly passedMs: number },
): void {
  const at = reading * shape.width + column;
  const value = readings.values[at] ?? Number.NaN;
  const seconds = Math.max(1, passedMs) / 1000;
  let origin = before;
  if (isReset(before, value)) {
    // Nobody knows what it counted before it began anew: where it shows less than usual since, that says nothing.
    origin = Math.min(0, value - seconds * newestGrowth(shape, unit, column));
  }
  readings.gain[at] = seconds;
  readings.origin[at] = origin;
  readings.values[at] = (value - origin) / seconds;
}

/** What is taken for the growth at the newest reading; 0 where there is none. */
function newestGrowth(shape: UnitShape, unit: Slot, column: number): number {
  const { memory, at } = unit;
  if ((memory.i32[at + rowCount] ?? 0) === 0) return 0;
  return memory.f32[cleanAt(shape, unit, 1) + column] ?? 0;
}

/** Forgets all but what is known of counters. */
function startAnew(shape: UnitShape, { memory, at }: Slot): void {
  const counters = at + shape.counters;
  memory.i32.fill(0, at, counters);
  memory.i32.fill(0, counters + shape.width * counterWords, at + shape.words);
}
