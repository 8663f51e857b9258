import type { Slot } from '../state/memory.ts';
import { nextCleanPlace, rawRows, rowCount, rowsSinceGap, type UnitShape } from './unit-state.ts';

// The newest readings of a unit, as they came, with marks; and fewer clean ones, of which windows are made: the same,
// but with the expectation in place of flagged and missing values. Rows are told by how far they lie back: 1 is the
// newest one.

/** Marks of a row: two bits. */
export const RowMark = {
  flagged: 1,
  /** A gap lies before this row. */
  afterGap: 2,
} as const;

/** Rows that the ring holds. */
export function rowsKept({ memory, at }: Slot): number {
  return Math.min(memory.i32[at + rowCount] ?? 0, rawRows);
}

/** Index of the first raw value of a row in `f32`. @param back 1 … rows kept; 0 = where the next one goes */
export function rawAt(shape: UnitShape, { memory, at }: Slot, back: number): number {
  return at + shape.raw + (((memory.i32[at + rowCount] ?? 0) - back) & (rawRows - 1)) * shape.width;
}

/** Place of a row in the ring of clean ones. @param back 0 … clean rows − 1; 0 = where the next one goes */
export function cleanPlace(shape: UnitShape, { memory, at }: Slot, back: number): number {
  const place = (memory.i32[at + nextCleanPlace] ?? 0) - back;
  return place < 0 ? place + shape.cleanRows : place;
}

/** Index of the first clean value of a row in `f32`. */
export function cleanAt(shape: UnitShape, unit: Slot, back: number): number {
  return unit.at + shape.clean + cleanPlace(shape, unit, back) * shape.width;
}

export function hasMark(shape: UnitShape, { memory, at }: Slot, back: number, mark: number): boolean {
  const place = ((memory.i32[at + rowCount] ?? 0) - back) & (rawRows - 1);
  const four = memory.u8[(at << 2) + shape.marks + (place >> 2)] ?? 0;
  return ((four >> (2 * (place & 3))) & mark) !== 0;
}

/** Takes in the row whose values have been written to where the next one goes. */
export function pushRow(shape: UnitShape, { memory, at }: Slot, marks: number): void {
  const { i32, u8 } = memory;
  const count = i32[at + rowCount] ?? 0;
  const place = count & (rawRows - 1);
  const marksAt = (at << 2) + shape.marks + (place >> 2);
  const shift = 2 * (place & 3);
  u8[marksAt] = ((u8[marksAt] ?? 0) & ~(3 << shift)) | (marks << shift);
  const cleanNow = i32[at + nextCleanPlace] ?? 0;
  i32[at + nextCleanPlace] = cleanNow + 1 === shape.cleanRows ? 0 : cleanNow + 1;
  i32[at + rowCount] = count + 1;
  i32[at + rowsSinceGap] = (marks & RowMark.afterGap) !== 0 ? 1 : (i32[at + rowsSinceGap] ?? 0) + 1;
}

/** Gives the newest rows back their raw values, where there are any. */
export function trustNewest(shape: UnitShape, unit: Slot, rows: number): void {
  const { f32 } = unit.memory;
  for (let back = Math.min(rows, rowsKept(unit), shape.cleanRows - 1); back >= 1; back -= 1) {
    const [from, to] = [rawAt(shape, unit, back), cleanAt(shape, unit, back)];
    for (let column = 0; column < shape.width; column += 1) {
      const raw = f32[from + column] ?? Number.NaN;
      if (!Number.isNaN(raw)) f32[to + column] = raw;
    }
  }
}
