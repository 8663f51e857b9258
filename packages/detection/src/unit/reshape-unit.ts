import { signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { pastRows } from './past-rows.ts';
import { cleanAt, rowsKept } from './reading-ring.ts';
import { nextCleanPlace, type UnitShape } from './unit-state.ts';

/** Copies a unit into a slot of zeros for a model that looks at windows of another length. */
export function reshapeUnit(unit: Slot, from: UnitShape, into: Slot, to: UnitShape): void {
  const { width } = from;
  const { f32, i32 } = unit.memory;
  // All that comes before the clean rows lies where it lay.
  into.memory.i32.set(i32.subarray(unit.at, unit.at + from.clean), into.at);
  const signals = unit.at + from.signals;
  into.memory.i32.set(i32.subarray(signals, signals + width * signalWords), into.at + to.signals);
  const kept = rowsKept(unit);
  const rows = pastRows(from, unit);
  const count = Math.min(kept, to.cleanRows);
  for (let back = count; back >= 1; back -= 1) {
    const exact = back < from.cleanRows;
    const source = exact ? f32 : rows;
    const first = exact ? cleanAt(from, unit, back) : (kept - back) * width;
    into.memory.f32.set(source.subarray(first, first + width), into.at + to.clean + (count - back) * width);
  }
  into.memory.i32[into.at + nextCleanPlace] = count % to.cleanRows;
}
