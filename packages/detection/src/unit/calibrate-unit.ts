import { errorHistogramWords } from '../signal/error-histogram.ts';
import { rareValuesWords } from '../signal/rare-values.ts';
import { centerOf, deviationOf } from '../signal/robust-scale.ts';
import { rowErrorsPart, scalePart, signalWords } from '../signal/signal-state.ts';
import { Memory, type Slot } from '../state/memory.ts';
import { isRestless } from './learn-reading.ts';
import { localLevel } from './local-level.ts';
import { cleanAt, hasMark, RowMark, rawAt, rowsKept } from './reading-ring.ts';
import { hasWindow } from './scaled-window.ts';
import { learnError } from './thresholds.ts';
import type { UnitScorer } from './unit-scorer.ts';
import { forecastPart } from './unit-state.ts';

/** A flagged error that is not known any more counts as so many borders. */
const flaggedError = 2;

/**
 * What belongs to a unit and a model version together: how large that version's errors usually are here. The rows'
 * errors per signal, then the windows', each in a histogram of its own.
 */
export type UnitCalibration = Memory;

/**
 * Rescores a unit's recent readings with a version, so that the version starts with thresholds of its own
 * for this unit instead of a warm-up gap. Changes nothing.
 *
 * @param unit in the shape that the engine has now
 */
export async function calibrateUnit(unit: Slot, now: UnitScorer, next: UnitScorer): Promise<UnitCalibration> {
  const { width } = now.shape;
  const calibration = new Memory((width + 1) * errorHistogramWords);
  const rows = usableRows(unit, now, isRestless(unit));
  const { network } = next.model;
  if (next.view === null || network === null) {
    for (const { back, sinceGap } of rows)
      for (let column = 0; column < width; column += 1) {
        const likely = localLevel(now.shape, unit, { column, back, sinceGap, believed: isRestless(unit) });
        learnRow({ calibration, unit, now, next, column, back, likely });
      }
    return calibration;
  }
  const seen = rows.filter(({ sinceGap }) => hasWindow(sinceGap, next.window));
  if (seen.length === 0) return calibration;
  const { view } = next;
  const input = new Float32Array(seen.length * view.size);
  seen.forEach(({ back }, index) => {
    const valuesAt = cleanAt(now.shape, unit, back);
    view.fill({ shape: now.shape, unit, back }, unit.memory.f32, valuesAt, input, index * view.size);
  });
  view.show(input, await network.run(input, input.length / network.inputWidth));
  const windowErrors = width * errorHistogramWords;
  for (const [index, { back }] of seen.entries()) {
    const offset = index * view.size;
    for (let column = 0; column < width; column += 1) {
      const scale = unit.at + now.shape.signals + column * signalWords + scalePart;
      const deviations = view.expected(offset, column);
      const likely = centerOf(unit.memory, scale) + deviations * deviationOf(unit.memory, scale);
      learnRow({ calibration, unit, now, next, column, back, likely });
    }
    if (next.habits) continue;
    const threshold = next.thresholds.window(calibration, windowErrors);
    learnError(calibration, windowErrors, view.windowError(offset), threshold);
  }
  return calibration;
}

/** Puts a calibration into the unit that it was made for. */
export function adoptCalibration(
  { memory, at }: Slot,
  { shape }: UnitScorer,
  calibration: UnitCalibration,
): void {
  const copy = (part: number, to: number) => {
    const from = part * errorHistogramWords;
    memory.i32.set(calibration.i32.subarray(from, from + errorHistogramWords), to);
  };
  for (let column = 0; column < shape.width; column += 1)
    copy(column, at + shape.signals + column * signalWords + rowErrorsPart);
  if (shape.windowErrors !== null) copy(shape.width, at + shape.windowErrors);
  memory.i32.fill(0, at + forecastPart, at + forecastPart + rareValuesWords);
}

interface UsableRow {
  readonly back: number;
  /** Rows before it without a gap, as far as they are kept. */
  readonly sinceGap: number;
}

/** Oldest first. @param all flagged ones too */
function usableRows(unit: Slot, { shape }: UnitScorer, all: boolean): UsableRow[] {
  const rows: UsableRow[] = [];
  let sinceGap = 0;
  for (let back = rowsKept(shape, unit); back >= 1; back -= 1) {
    if (hasMark(shape, unit, back, RowMark.afterGap)) sinceGap = 0;
    if (sinceGap > 0 && (all || !hasMark(shape, unit, back, RowMark.flagged))) rows.push({ back, sinceGap });
    sinceGap += 1;
  }
  return rows;
}

function learnRow(row: {
  readonly calibration: UnitCalibration;
  readonly unit: Slot;
  readonly now: UnitScorer;
  readonly next: UnitScorer;
  readonly column: number;
  readonly back: number;
  readonly likely: number;
}): void {
  const { calibration, unit, now, next, column, back, likely } = row;
  const scale = unit.at + now.shape.signals + column * signalWords + scalePart;
  const errors = column * errorHistogramWords;
  const band = next.thresholds.band(calibration, errors, deviationOf(unit.memory, scale));
  const value = knownValue(now, unit, back, column);
  const error = value === 'replaced' ? flaggedError * band : Math.abs(value - likely);
  learnError(calibration, errors, error, band);
}

/** The value of a row, `NaN` if it is missing; for longer ago it is not always known. */
function knownValue({ shape }: UnitScorer, unit: Slot, back: number, column: number): number | 'replaced' {
  const { f32 } = unit.memory;
  if (back <= shape.rawRows) return f32[rawAt(shape, unit, back) + column] ?? Number.NaN;
  if (hasMark(shape, unit, back, RowMark.replaced)) return 'replaced';
  if (shape.width === 1 && hasMark(shape, unit, back, RowMark.incomplete)) return Number.NaN;
  return f32[cleanAt(shape, unit, back) + column] ?? Number.NaN;
}
