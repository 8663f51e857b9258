import { centerOf, deviationOf, scaleClip } from '../signal/robust-scale.ts';
import { scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { cleanAt, cleanPlace } from './reading-ring.ts';
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
  return Math.max(-scaleClip, Math.min(scaleClip, (value - center) * factor));
}

export interface WindowRequest {
  readonly shape: UnitShape;
  readonly unit: Slot;
  readonly window: number;
  /** How far the window's newest row lies back, 0 = the next one, not yet in the ring; the rest comes from there. */
  readonly back: number;
}

/**
 * Writes a unit's window, scaled, row-major (oldest row first), as nets see it in training and in service.
 *
 * @param values newest row, from `valuesAt` on; the row before stands in for what is missing
 * @param into receives window × signals numbers from `offset` on, all finite
 */
export function fillWindow(
  request: WindowRequest,
  values: Float32Array,
  valuesAt: number,
  into: Float32Array,
  offset: number,
): void {
  const { shape, unit, window } = request;
  const { width } = shape;
  readScales(shape, unit);
  if (width === 1) fillPast(request, into, offset);
  else fillPastRows(request, into, offset);
  const newest = offset + (window - 1) * width;
  for (let column = 0; column < width; column += 1) {
    const value = values[valuesAt + column] ?? Number.NaN;
    into[newest + column] = Number.isNaN(value)
      ? (into[newest - width + column] ?? 0)
      : scaled(value, centers[column] ?? 0, factors[column] ?? 0);
  }
}

/** All rows but the newest one, of one signal. */
function fillPast({ shape, unit, window, back }: WindowRequest, into: Float32Array, offset: number): void {
  const { f32 } = unit.memory;
  const first = unit.at + shape.clean;
  const center = centers[0] ?? 0;
  const factor = factors[0] ?? 0;
  const last = shape.cleanRows - 1;
  const oldest = cleanPlace(shape, unit, back + window - 1);
  for (let row = 0; row < window - 1; row += 1)
    into[offset + row] = scaled(f32[first + ((oldest + row) & last)] ?? 0, center, factor);
}

/** Likewise, of several signals. */
function fillPastRows(
  { shape, unit, window, back }: WindowRequest,
  into: Float32Array,
  offset: number,
): void {
  const { f32 } = unit.memory;
  const { width } = shape;
  let to = offset;
  for (let row = back + window - 1; row > back; row -= 1) {
    let from = cleanAt(shape, unit, row);
    for (let column = 0; column < width; column += 1, from += 1, to += 1)
      into[to] = scaled(f32[from] ?? 0, centers[column] ?? 0, factors[column] ?? 0);
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
