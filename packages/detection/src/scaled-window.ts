import type { ReadingRing } from './reading-ring.ts';
import type { RobustScale } from './robust-scale.ts';

/** Readings of a unit after which its scale has settled enough for a net to judge it. */
export const settledReadings = 128;
/** Readings of a unit from which on its windows are good enough to learn from, among many others. */
export const teachingReadings = 64;

export interface WindowRequest {
  readonly ring: ReadingRing;
  /** One per signal of the unit. */
  readonly scales: readonly RobustScale[];
  readonly window: number;
  /** Number of the window's newest row; the rows before it are taken from the ring. */
  readonly newest: number;
  /** Values of the newest row; `null` hides it: the row before stands in. */
  readonly values: ArrayLike<number> | null;
}

/**
 * Writes one window, scaled, row-major (oldest row first), as nets see it in training and in service.
 *
 * @param into receives window × signals numbers from `offset` on, all finite
 */
export function fillScaledWindow(request: WindowRequest, into: Float32Array, offset: number): void {
  const { ring, scales, window, newest, values } = request;
  const width = scales.length;
  for (let column = 0; column < width; column += 1) {
    const scale = scales[column];
    if (scale === undefined) continue;
    const before = ring.clean(newest - 1, column);
    for (let back = window - 1; back >= 1; back -= 1) {
      into[offset + (window - 1 - back) * width + column] = scale.scaled(ring.clean(newest - back, column));
    }
    const value = values?.[column] ?? Number.NaN;
    into[offset + (window - 1) * width + column] = scale.scaled(Number.isNaN(value) ? before : value);
  }
}

/** Whether the rows before `newest` fill a window without a gap. The gap may lie before the oldest row. */
export function hasWindow(rowsSinceGap: number, window: number): boolean {
  return rowsSinceGap >= window - 1;
}
