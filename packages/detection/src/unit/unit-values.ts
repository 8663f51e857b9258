import type { SeriesBlock } from '../series-block.ts';

const largestFloat = 3.4028234663852886e38;

/** Keeps a number within Float32; every kind of `NaN` becomes the same one, for equal states have equal bytes. */
export function withinFloat32(value: number): number {
  if (Number.isNaN(value)) return Number.NaN;
  return value > largestFloat ? largestFloat : value < -largestFloat ? -largestFloat : value;
}

/**
 * Copies the values of a unit's signals in one row of a block.
 * @param columns per signal its column in the block; −1 = not in the block
 * @returns whether there is any
 */
export function copyUnitValues(
  { values, signals }: SeriesBlock,
  row: number,
  columns: ArrayLike<number>,
  into: Float32Array,
  at: number,
): boolean {
  const first = row * signals.length;
  let present = false;
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index] ?? -1;
    const value = withinFloat32(column < 0 ? Number.NaN : (values[first + column] ?? Number.NaN));
    into[at + index] = value;
    if (!Number.isNaN(value)) present = true;
  }
  return present;
}
