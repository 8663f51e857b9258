import { signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { cleanAt, placeOf, rawAt } from './reading-ring.ts';
import { nextPlace, rowsKept, rowsSinceGap, type UnitShape } from './unit-state.ts';

/** Copies a unit into a slot of zeros for a model that looks at windows of another length; the oldest rows may go. */
export function reshapeUnit(unit: Slot, from: UnitShape, into: Slot, to: UnitShape): void {
  const { width } = from;
  const { f32, i32, u8 } = unit.memory;
  into.memory.i32.set(i32.subarray(unit.at, unit.at + (from.marks >> 2)), into.at);
  const signals = unit.at + from.signals;
  into.memory.i32.set(i32.subarray(signals, signals + width * signalWords), into.at + to.signals);
  const kept = Math.min(i32[unit.at + rowsKept] ?? 0, to.rows);
  for (let back = kept; back >= 1; back -= 1) {
    const place = kept - back;
    into.memory.f32.set(row(f32, rawAt(from, unit, back), width), into.at + to.raw + place * width);
    into.memory.f32.set(row(f32, cleanAt(from, unit, back), width), into.at + to.clean + place * width);
    into.memory.u8[(into.at << 2) + to.marks + place] =
      u8[(unit.at << 2) + from.marks + placeOf(from, unit, back)] ?? 0;
  }
  into.memory.i32[into.at + rowsKept] = kept;
  into.memory.i32[into.at + nextPlace] = kept % to.rows;
  into.memory.i32[into.at + rowsSinceGap] = Math.min(i32[unit.at + rowsSinceGap] ?? 0, kept);
}

function row(values: Float32Array, at: number, width: number): Float32Array {
  return values.subarray(at, at + width);
}
