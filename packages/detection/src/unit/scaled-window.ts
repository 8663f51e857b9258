import { centerOf, deviationOf, scaleClip } from '../signal/robust-scale.ts';
import { scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { cleanPlace } from './reading-ring.ts';
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

/** Where the rows of a window lie: a ring, or a list that ends before it could begin anew. */
export interface WindowRows {
  readonly values: Float32Array;
  /** Index of the first value of place 0. */
  first: number;
  /** Place of the oldest row; the row after the last place is the one at place 0. */
  place: number;
  readonly places: number;
}

/**
 * Writes a unit's window, scaled, row-major (oldest row first), as nets see it in training and in service.
 *
 * @param past all rows of the window but the newest one
 * @param values newest row, from `valuesAt` on; the row before stands in for what is missing
 * @param into receives window × signals numbers from `offset` on, all finite
 */
export function fillWindow(
  { shape, unit, window }: { readonly shape: UnitShape; readonly unit: Slot; readonly window: number },
  past: WindowRows,
  { values, valuesAt }: { readonly values: Float32Array; readonly valuesAt: number },
  into: Float32Array,
  offset: number,
): void {
  readScales(shape, unit);
  const { width } = shape;
  fillPast(past, window, width, into, offset);
  const newest = offset + (window - 1) * width;
  for (let column = 0; column < width; column += 1) {
    const value = values[valuesAt + column] ?? Number.NaN;
    into[newest + column] = Number.isNaN(value)
      ? (into[newest - width + column] ?? 0)
      : scaled(value, centers[column] ?? 0, factors[column] ?? 0);
  }
}

/** The newest clean rows of a unit, as many as belong to the window of the next row. */
export function newestRows(shape: UnitShape, unit: Slot, window: number): WindowRows {
  return {
    values: unit.memory.f32,
    first: unit.at + shape.clean,
    place: cleanPlace(shape, unit, window - 1),
    places: shape.cleanRows,
  };
}

/** All rows but the newest one. */
function fillPast(past: WindowRows, window: number, width: number, into: Float32Array, offset: number): void {
  const { values, first, places } = past;
  let { place } = past;
  let to = offset;
  if (width === 1) {
    const [center, factor] = [centers[0] ?? 0, factors[0] ?? 0];
    for (let row = 1; row < window; row += 1, to += 1) {
      into[to] = scaled(values[first + place] ?? 0, center, factor);
      place = place + 1 === places ? 0 : place + 1;
    }
    return;
  }
  for (let row = 1; row < window; row += 1) {
    let from = first + place * width;
    for (let column = 0; column < width; column += 1, from += 1, to += 1)
      into[to] = scaled(values[from] ?? 0, centers[column] ?? 0, factors[column] ?? 0);
    place = place + 1 === places ? 0 : place + 1;
  }
}

/**
 * Makes of a window with its newest row shown, which follows it in `rows`, one with it hidden: the row before stands
 * in, as in service when the engine asks what to expect.
 */
export function hideNewestRow(rows: Float32Array, offset: number, window: number, width: number): void {
  const size = window * width;
  const past = size - width;
  for (let at = offset; at < offset + past; at += 1) rows[at] = rows[at + size] ?? 0;
  for (let at = offset + past; at < offset + size; at += 1) rows[at] = rows[at - width] ?? 0;
}
