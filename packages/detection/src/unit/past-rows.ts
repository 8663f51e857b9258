import { centerOf } from '../signal/robust-scale.ts';
import { scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { hasMark, RowMark, rawAt, rowsKept } from './reading-ring.ts';
import { distrustFor, type UnitShape } from './unit-state.ts';

/**
 * The rows that a unit has kept, cleaned anew, oldest first: about what windows were made of in their time. In place of
 * missing values, and of rows that were flagged for a short while, stands what came before.
 */
export function pastRows(shape: UnitShape, unit: Slot): Float32Array {
  const { width } = shape;
  const { f32 } = unit.memory;
  const kept = rowsKept(unit);
  const rows = new Float32Array(kept * width);
  const before = Float32Array.from({ length: width }, (_, column) =>
    centerOf(unit.memory, unit.at + shape.signals + column * signalWords + scalePart),
  );
  let distrusted = 0;
  for (let row = 0; row < kept; row += 1) {
    const back = kept - row;
    const flagged = hasMark(shape, unit, back, RowMark.flagged);
    if (flagged && distrusted === 0) distrusted = flaggedFrom(shape, unit, back) > distrustFor ? -1 : 1;
    if (!flagged) distrusted = 0;
    const from = rawAt(shape, unit, back);
    for (let column = 0; column < width; column += 1) {
      const raw = f32[from + column] ?? Number.NaN;
      if (distrusted <= 0 && !Number.isNaN(raw)) before[column] = raw;
    }
    rows.set(before, row * width);
  }
  return rows;
}

/** How many rows in a row are flagged from this one on, as far as it matters. */
function flaggedFrom(shape: UnitShape, unit: Slot, back: number): number {
  let count = 0;
  while (count <= distrustFor && back > count && hasMark(shape, unit, back - count, RowMark.flagged))
    count += 1;
  return count;
}
