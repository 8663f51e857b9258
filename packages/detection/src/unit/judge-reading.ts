import { flatLineEvidence } from '../signal/flat-line.ts';
import { centerOf, deviationOf, highOf, lowOf, scaleIsKnown } from '../signal/robust-scale.ts';
import { flatLinePart, rowErrorsPart, scalePart, signalWords } from '../signal/signal-state.ts';
import type { Memory, Slot } from '../state/memory.ts';
import { localLevel } from './local-level.ts';
import type { NetworkView } from './network-view.ts';
import { ruleBand, type Thresholds } from './thresholds.ts';
import { addMembers } from './unit-members.ts';
import { UnitMark, type UnitReadings } from './unit-readings.ts';
import { flaggedRun, rowCount, rowsSinceGap, type UnitShape } from './unit-state.ts';

/** A value this part of the width of everything seen so far beyond its border alarms. */
const farOutside = 0.5;
const narrowestRange = 4;
const largestEvidence = 1e6;
/** Readings of a unit before its members are asked. */
const youngReadings = 150;
/** So many times the error that is unusual elsewhere is unusual then. */
const youngCaution = 4;
/** So much wider are bands with each flagged reading before. */
const doubtPerReading = 0.2;

/** What readings are judged with. */
export interface Judgement {
  readonly shape: UnitShape;
  readonly thresholds: Thresholds;
  /** `null`: by rules alone. */
  readonly view: NetworkView | null;
  /** Whether what comes again and again counts as usual after some times. */
  readonly habits: boolean;
}

/**
 * Compares a reading with what was expected and fills in everything that follows from it.
 *
 * The score is s = e / (e + 1) of the highest evidence e, each being an error over its own threshold: with
 * this maximum of tail evidences one certain sign is enough, and 0.5 is the border for every version.
 */
export function judgeReading(
  judgement: Judgement,
  unit: Slot,
  readings: UnitReadings,
  reading: number,
): void {
  const { shape, thresholds, view, habits } = judgement;
  const { memory, at } = unit;
  const { width } = shape;
  const marks = readings.marks[reading] ?? 0;
  const offset = readings.offset[reading] ?? -1;
  const warming = (marks & UnitMark.warming) !== 0;
  const first = reading * width;
  readings.score[reading] = 0;
  // Until the members know what is rare here, errors are compared with what the model says of errors in general.
  const young = (memory.i32[at + rowCount] ?? 0) < youngReadings;
  // Of many signals together one nearly always does what it never did: that is no alarm of a habit.
  const compares = (young && width === 1) || !habits;
  // The longer readings are left out of what is expected, the less is known of what to expect.
  const doubt = 1 + doubtPerReading * (memory.u16[(at << 1) + flaggedRun] ?? 0);
  const caution = doubt * (habits ? youngCaution * Math.sqrt(width) : 1);
  let forecastError = 0;
  for (let column = 0; column < width; column += 1) {
    const signal = at + shape.signals + column * signalWords;
    const scale = signal + scalePart;
    const known = scaleIsKnown(memory, scale);
    const value = readings.values[first + column] ?? Number.NaN;
    const deviation = deviationOf(memory, scale);
    let likely = Number.NaN;
    let halfWidth = thresholds.band(memory, signal + rowErrorsPart, deviation);
    if (view !== null && offset >= 0 && known) {
      likely = centerOf(memory, scale) + view.expected(offset, column) * deviation;
    } else if (!warming) {
      // A net that cannot look yet leaves the level to the rules, with room for what they do not know.
      likely = levelByRules(shape, unit, marks, column);
      if (view !== null) halfWidth = ruleBand(deviation);
    }
    const unlikely = Number.isNaN(likely);
    readings.expected[first + column] = likely;
    readings.band[first + column] = unlikely ? Number.NaN : halfWidth;
    let evidence = 0;
    if (known && !Number.isNaN(value)) {
      const error = unlikely ? 0 : Math.abs(value - likely) / halfWidth;
      if (offset >= 0) forecastError = Math.max(forecastError, Math.abs(value - likely) / deviation);
      if (compares) {
        const rough = Math.max(error, rangeEvidence(memory, scale, value, deviation)) / caution;
        if (rough > 1 || !habits) evidence = rough;
      }
      // Of many signals together one nearly always rests for longer than before.
      if (width === 1) {
        const standstill = flatLineEvidence(memory, signal + flatLinePart, value);
        if (standstill > 1) evidence = Math.max(evidence, standstill);
      }
    }
    readings.evidence[first + column] = evidence;
  }
  readings.windowError[reading] = Number.NaN;
  if (shape.windowErrors !== null && view !== null && offset >= 0 && (marks & UnitMark.settled) !== 0)
    addWindowEvidence(readings, reading, view, thresholds.window(memory, at + shape.windowErrors));
  readings.forecastError[reading] = offset >= 0 ? forecastError : Number.NaN;
  addMembers(judgement, unit, readings, reading, young);
  if (warming) return;
  let highest = 0;
  for (let column = 0; column < width; column += 1)
    highest = Math.max(highest, Math.min(readings.evidence[first + column] ?? 0, largestEvidence));
  readings.score[reading] = Math.fround(highest / (highest + 1));
}

function levelByRules(shape: UnitShape, unit: Slot, marks: number, column: number): number {
  const sinceGap = (marks & UnitMark.gap) !== 0 ? 0 : (unit.memory.u16[(unit.at << 1) + rowsSinceGap] ?? 0);
  const believed = (marks & UnitMark.believed) !== 0;
  return localLevel(shape, unit, { column, back: 0, sinceGap, believed });
}

/** How far a value lies outside the range seen so far, of readings that were not flagged. */
function rangeEvidence(memory: Memory, scale: number, value: number, deviation: number): number {
  const low = lowOf(memory, scale);
  const high = highOf(memory, scale);
  const outside = Math.max(low - value, value - high, 0);
  return outside === 0 ? 0 : outside / (farOutside * Math.max(high - low, narrowestRange * deviation));
}

/** The signal that the net reproduces worst carries the whole window's evidence, others their part. */
function addWindowEvidence(
  readings: UnitReadings,
  reading: number,
  view: NetworkView,
  threshold: number,
): void {
  const error = view.windowError(readings.offset[reading] ?? 0);
  const { width, energies } = view;
  const first = reading * width;
  let most = Number.MIN_VALUE;
  for (let column = 0; column < width; column += 1) most = Math.max(most, energies[column] ?? 0);
  readings.windowError[reading] = error;
  for (let column = 0; column < width; column += 1) {
    const part = (error / threshold) * Math.sqrt((energies[column] ?? 0) / most);
    readings.evidence[first + column] = Math.max(readings.evidence[first + column] ?? 0, part);
  }
}
