import type { SeriesBlock } from './series-block.ts';

const largestFloat = 3.4028234663852886e38;

/** Keeps a number within Float32; `NaN` stays `NaN`. */
export function withinFloat32(value: number): number {
  return Math.max(-largestFloat, Math.min(largestFloat, value));
}

/** The values of a unit's signals in one row of a block; `null` when all are missing. */
export function unitValues(block: SeriesBlock, row: number, columns: readonly number[]): Float32Array | null {
  const values = new Float32Array(columns.length);
  let present = false;
  columns.forEach((column, index) => {
    const value = column < 0 ? Number.NaN : (block.values[row * block.signals.length + column] ?? Number.NaN);
    values[index] = withinFloat32(value);
    present = present || !Number.isNaN(value);
  });
  return present ? values : null;
}
