import type { Slot } from '../state/memory.ts';
import { newestUnitTime } from './intervals.ts';
import { rawAt } from './reading-ring.ts';
import type { UnitReadings } from './unit-readings.ts';
import { climbs, counted, intervalsPart, rowCount, type UnitShape } from './unit-state.ts';

// A signal that only grows is a counter, and what it says is how fast it grows. Once that is known the unit starts anew
// and sees, in place of the count, its growth per second. When what it counts for begins anew the count falls to near
// zero: that is no news by itself, and what it shows is what it has grown by since.

/** Readings of a unit after which it is decided whether its signal is a counter, */
const decidedAfter = 64;
/** and in how many of them it must have grown; a switch that was turned on once is no counter. */
const fewestClimbs = 48;
/** A counter that was reset shows at most this part of what it had counted. */
const leftAfterReset = 1 / 8;
/** Stands in place of the climbs for a signal that has fallen, or seldom grew; */
const noCounter = 255;
/** and this for a counter, one more with each fall that was no reset, */
const isCounter = 128;
/** after so many of which it was none. */
const mostFalls = 8;

/**
 * Lets a unit of one signal that is a counter see how fast it grows. Fills in what its growth must be multiplied with and
 * added to so that it is a count again.
 */
export function takeCount(shape: UnitShape, unit: Slot, readings: UnitReadings, reading: number): void {
  const { memory, at } = unit;
  const { f32, f64, i32, u8 } = memory;
  const climbsAt = (at << 2) + climbs;
  const climbed = u8[climbsAt] ?? 0;
  readings.gain[reading] = 1;
  readings.origin[reading] = 0;
  if (climbed === noCounter) return;
  const seen = i32[at + rowCount] ?? 0;
  const value = readings.values[reading] ?? Number.NaN;
  if (climbed < isCounter) {
    if (seen === 0) return;
    const before = f32[rawAt(shape, unit, 1)] ?? 0;
    const falls = value < before || before < 0;
    if (falls || (seen >= decidedAfter && climbed < fewestClimbs)) u8[climbsAt] = noCounter;
    else if (seen < decidedAfter) u8[climbsAt] = climbed + (value > before ? 1 : 0);
    else {
      const newestMs = newestUnitTime(memory, at + intervalsPart);
      startAnew(shape, unit, isCounter);
      see(readings, reading, before, newestMs);
      f64[(at >> 1) + counted] = value;
    }
    return;
  }
  const before = f64[(at >> 1) + counted] ?? 0;
  const reset = value < before && value >= 0 && value <= leftAfterReset * before;
  if (value < before && !reset) {
    if (climbed + 1 >= isCounter + mostFalls) {
      startAnew(shape, unit, noCounter);
      return;
    }
    u8[climbsAt] = climbed + 1;
  }
  see(readings, reading, reset ? 0 : before, newestUnitTime(memory, at + intervalsPart));
  f64[(at >> 1) + counted] = value;
}

function startAnew(shape: UnitShape, { memory, at }: Slot, climbed: number): void {
  memory.i32.fill(0, at, at + shape.words);
  memory.u8[(at << 2) + climbs] = climbed;
}

function see(readings: UnitReadings, reading: number, before: number, beforeMs: number): void {
  const seconds = Math.max(1, (readings.times[reading] ?? 0) - beforeMs) / 1000;
  readings.gain[reading] = seconds;
  readings.origin[reading] = before;
  readings.values[reading] = ((readings.values[reading] ?? 0) - before) / seconds;
}
