import type { Slot } from '../state/memory.ts';
import { mostCounted, rowCount, rowsPerByte, rowsSinceGap, type UnitShape } from './unit-state.ts';

// The newest readings of a unit: few as they came, more of them clean, of which windows are made: the same, but with
// the expectation in place of flagged and missing values. Rows are told by how far they lie back: 1 is the newest one.

/** Marks of a row: four bits. */
export const RowMark = {
  flagged: 1,
  /** A gap lies before this row. */
  afterGap: 2,
  /** The expectation stands in for some flagged value. */
  replaced: 4,
  /** Some value is missing. */
  incomplete: 8,
} as const;
const marksBits = 4;
const allMarks = 15;

/** Clean rows that the ring holds. */
export function rowsKept({ cleanRows }: UnitShape, { memory, at }: Slot): number {
  return Math.min(memory.i32[at + rowCount] ?? 0, cleanRows);
}

/** Index of the first raw value of a row in `f32`. @param back 1 … raw rows; 0 = where the next one goes */
export function rawAt(shape: UnitShape, { memory, at }: Slot, back: number): number {
  return at + shape.raw + (((memory.i32[at + rowCount] ?? 0) - back) & (shape.rawRows - 1)) * shape.width;
}

/** Place of a row in the ring of clean ones. */
export function cleanPlace({ cleanRows }: UnitShape, { memory, at }: Slot, back: number): number {
  return ((memory.i32[at + rowCount] ?? 0) - back) & (cleanRows - 1);
}

/** Index of the first clean value of a row in `f32`. @param back 1 … rows kept; 0 = where the next one goes */
export function cleanAt(shape: UnitShape, unit: Slot, back: number): number {
  return unit.at + shape.clean + cleanPlace(shape, unit, back) * shape.width;
}

export function hasMark(shape: UnitShape, unit: Slot, back: number, mark: number): boolean {
  return (marksOf(shape, unit, back) & mark) !== 0;
}

function marksOf(shape: UnitShape, unit: Slot, back: number): number {
  const place = cleanPlace(shape, unit, back);
  const marks = unit.memory.u8[(unit.at << 2) + shape.marks + Math.trunc(place / rowsPerByte)] ?? 0;
  return (marks >> (marksBits * (place % rowsPerByte))) & allMarks;
}

function setMarks(shape: UnitShape, unit: Slot, back: number, marks: number): void {
  const { u8 } = unit.memory;
  const place = cleanPlace(shape, unit, back);
  const marksAt = (unit.at << 2) + shape.marks + Math.trunc(place / rowsPerByte);
  const shift = marksBits * (place % rowsPerByte);
  u8[marksAt] = ((u8[marksAt] ?? 0) & ~(allMarks << shift)) | (marks << shift);
}

/** Takes in the row whose values have been written to where the next one goes. */
export function pushRow(shape: UnitShape, unit: Slot, marks: number): void {
  const { i32, u16 } = unit.memory;
  const { at } = unit;
  setMarks(shape, unit, 0, marks);
  i32[at + rowCount] = (i32[at + rowCount] ?? 0) + 1;
  const sinceAt = (at << 1) + rowsSinceGap;
  u16[sinceAt] = (marks & RowMark.afterGap) !== 0 ? 1 : Math.min(mostCounted, (u16[sinceAt] ?? 0) + 1);
}

/** Gives the newest rows, all of them flagged, back their raw values, where there are any. */
export function trustNewest(shape: UnitShape, unit: Slot, rows: number): void {
  const { f32 } = unit.memory;
  for (let back = Math.min(rows, rowsKept(shape, unit)); back >= 1; back -= 1) {
    const from = rawAt(shape, unit, back);
    const to = cleanAt(shape, unit, back);
    for (let column = 0; column < shape.width; column += 1) {
      const raw = f32[from + column] ?? Number.NaN;
      if (!Number.isNaN(raw)) f32[to + column] = raw;
    }
    const gap = hasMark(shape, unit, back, RowMark.afterGap) ? RowMark.afterGap : 0;
    const incomplete = hasMark(shape, unit, back, RowMark.incomplete) ? RowMark.incomplete : 0;
    setMarks(shape, unit, back, RowMark.flagged | gap | incomplete);
  }
}

/** Copies the clean rows of a unit into its memory in another shape; a row that is not there any more counts as a gap. */
export function moveRows(was: UnitShape, from: Slot, shape: UnitShape, to: Slot): void {
  const { width } = shape;
  const known = Math.min(rowsKept(was, from), rowsKept(shape, to));
  for (let back = rowsKept(shape, to); back >= 1; back -= 1) {
    const lost = back > known || (back === known && known < rowsKept(shape, to));
    const marks = back > known ? 0 : marksOf(was, from, back);
    setMarks(shape, to, back, marks | (lost ? RowMark.afterGap : 0));
    if (back > known) continue;
    const row = from.memory.f32.subarray(cleanAt(was, from, back), cleanAt(was, from, back) + width);
    to.memory.f32.set(row, cleanAt(shape, to, back));
  }
}
