import type { Slot } from '../state/memory.ts';
import { nextPlace, rowCount, rowsKept, rowsSinceGap, type UnitShape } from './unit-state.ts';

// The newest readings of a unit. `raw` is what came; `clean` is what windows are made of: the same, but with the
// expectation in place of flagged and missing values. Rows are told by how far they lie back: 1 is the newest one.

/** Marks of a row. */
export const RowMark = {
  flagged: 1,
  /** A gap lies before this row. */
  afterGap: 2,
} as const;

/** Place of a row in the ring. @param back 1 … rows kept */
export function placeOf(shape: UnitShape, { memory, at }: Slot, back: number): number {
  const place = (memory.i32[at + nextPlace] ?? 0) - back;
  return place < 0 ? place + shape.rows : place;
}

/** Index of the first raw value of a row in `f32`. */
export function rawAt(shape: UnitShape, unit: Slot, back: number): number {
  return unit.at + shape.raw + placeOf(shape, unit, back) * shape.width;
}

/** Index of the first clean value of a row in `f32`. */
export function cleanAt(shape: UnitShape, unit: Slot, back: number): number {
  return unit.at + shape.clean + placeOf(shape, unit, back) * shape.width;
}

export function hasMark(shape: UnitShape, unit: Slot, back: number, mark: number): boolean {
  const marks = unit.memory.u8[(unit.at << 2) + shape.marks + placeOf(shape, unit, back)] ?? 0;
  return (marks & mark) !== 0;
}

/** Takes in the row whose values have been written to the next place. */
export function pushRow(shape: UnitShape, { memory, at }: Slot, marks: number): void {
  const { i32 } = memory;
  const place = i32[at + nextPlace] ?? 0;
  memory.u8[(at << 2) + shape.marks + place] = marks;
  i32[at + nextPlace] = place + 1 === shape.rows ? 0 : place + 1;
  i32[at + rowCount] = (i32[at + rowCount] ?? 0) + 1;
  i32[at + rowsKept] = Math.min((i32[at + rowsKept] ?? 0) + 1, shape.rows);
  i32[at + rowsSinceGap] = (marks & RowMark.afterGap) !== 0 ? 1 : (i32[at + rowsSinceGap] ?? 0) + 1;
}

/** Gives the newest rows back their raw values, where there are any. */
export function trustNewest(shape: UnitShape, unit: Slot, rows: number): void {
  const { f32, i32 } = unit.memory;
  for (let back = Math.min(rows, i32[unit.at + rowsKept] ?? 0); back >= 1; back -= 1) {
    const [from, to] = [rawAt(shape, unit, back), cleanAt(shape, unit, back)];
    for (let column = 0; column < shape.width; column += 1) {
      const raw = f32[from + column] ?? Number.NaN;
      if (!Number.isNaN(raw)) f32[to + column] = raw;
    }
  }
}
