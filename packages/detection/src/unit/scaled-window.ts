import { centerOf, deviationOf, scaleClip } from '../signal/robust-scale.ts';
import { scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { cleanAt, placeOf } from './reading-ring.ts';
import type { UnitShape } from './unit-state.ts';

/** Readings of a unit after which its scale has settled enough for a net to judge it. */
export const settledReadings = 128;
/** Readings of a unit from which on its windows are good enough to learn from, among many others. */
export const teachingReadings = 64;

/** Whether the rows before the newest one fill a window without a gap. The gap may lie before the oldest row. */
export function hasWindow(rowsSinceGap: number, window: number): boolean {
  return rowsSinceGap >= window - 1;
}

let centers = new Float64Array(1);
/** What a value less its center is multiplied with. */
let factors = new Float64Array(1);

function readScales({ width, signals }: UnitShape, { memory, at }: Slot): void {
  if (centers.length < width) {
    centers = new Float64Array(width);
    factors = new Float64Array(width);
  }
  for (let column = 0; column < width; column += 1) {
    const scale = at + signals + column * signalWords + scalePart;
    centers[column] = centerOf(memory, scale);
    factors[column] = 1 / deviationOf(memory, scale);
  }
}

/** The value in robust deviations from the level, clipped: what nets see, in training as in service. */
function scaled(value: number, center: number, factor: number): number {
  const deviations = (value - center) * factor;
  return deviations > scaleClip ? scaleClip : deviations < -scaleClip ? -scaleClip : deviations;
}

export interface WindowRequest {
  readonly window: number;
  /** How far the window's newest row lies back, 0 = the next one, not yet in the ring; the rest comes from there. */
  readonly back: number;
  /** Where the values of the newest row begin in `values`. */
  readonly valuesAt: number;
}

/**
 * Writes a unit's window, scaled, row-major (oldest row first), as nets see it in training and in service.
 *
 * @param values newest row; the row before stands in for what is missing
 * @param into receives window × signals numbers from `offset` on, all finite
 */
export function fillWindow(
  shape: UnitShape,
  unit: Slot,
  request: WindowRequest,
  values: Float32Array,
  into: Float32Array,
  offset: number,
): void {
  readScales(shape, unit);
  fillPast(shape, unit, request, into, offset);
  const { width } = shape;
  const { f32 } = unit.memory;
  const before = cleanAt(shape, unit, request.back + 1);
  const newest = offset + (request.window - 1) * width;
  for (let column = 0; column < width; column += 1) {
    const value = values[request.valuesAt + column] ?? Number.NaN;
    const shown = Number.isNaN(value) ? (f32[before + column] ?? 0) : value;
    into[newest + column] = scaled(shown, centers[column] ?? 0, factors[column] ?? 0);
  }
}

/** All rows but the newest one. */
function fillPast(
  shape: UnitShape,
  unit: Slot,
  { window, back }: WindowRequest,
  into: Float32Array,
  offset: number,
): void {
  const { width, rows } = shape;
  const { f32 } = unit.memory;
  const first = unit.at + shape.clean;
  let place = placeOf(shape, unit, back + window - 1);
  let to = offset;
  for (let row = 1; row < window; row += 1) {
    let from = first + place * width;
    for (let column = 0; column < width; column += 1, from += 1, to += 1)
      into[to] = scaled(f32[from] ?? 0, centers[column] ?? 0, factors[column] ?? 0);
    place = place + 1 === rows ? 0 : place + 1;
  }
}

/**
 * Makes of a window with its newest row shown, which follows it in `rows`, one with it hidden: the row before stands
 * in, as in service when the engine asks what to expect.
 */
export function hideNewestRow(rows: Float32Array, offset: number, window: number, width: number): void {
  const size = window * width;
  rows.copyWithin(offset, offset + size, offset + 2 * size - width);
  rows.copyWithin(offset + size - width, offset + size - 2 * width, offset + size - width);
}
