import type { Slot } from '../state/memory.ts';
import { cleanAt, hasMark, RowMark, rawAt, rowsKept } from './reading-ring.ts';
import type { UnitShape } from './unit-state.ts';

/** Values per median. */
const group = 8;
const fewest = 4;
const lookBack = 32;
/** The level of a group is that of its middle; the next reading comes half a group and a half later. */
const ahead = (group + 1) / 2;

const quiet = new Float32Array(2 * group);
const all = new Float32Array(2 * group);

export interface LevelRequest {
  readonly column: number;
  /** How far the row that is expected lies back, 0 = the next one; rows before it are looked at. */
  readonly back: number;
  /** How many rows before it are free of gaps. */
  readonly sinceGap: number;
  /** Whether flagged rows count like others, because they have lasted too long for an outlier. */
  readonly believed: boolean;
}

/**
 * The level that the built-in version expects next: the median of the newest eight readings that were not
 * flagged, among the last 32 since a gap, led on by the trend since the eight before.
 *
 * @returns `NaN` when there are fewer than four
 */
export function localLevel(shape: UnitShape, unit: Slot, request: LevelRequest): number {
  const { column, back, sinceGap, believed } = request;
  const { f32 } = unit.memory;
  const reach = Math.min(lookBack, sinceGap, rowsKept(shape, unit) - back);
  let quietCount = 0;
  let allCount = 0;
  for (let step = 1; step <= reach && quietCount < 2 * group; step += 1) {
    const row = back + step;
    // Longer ago, as when a version is calibrated, a row is only known as it was cleaned.
    const first = row <= shape.rawRows ? rawAt(shape, unit, row) : cleanAt(shape, unit, row);
    const value = f32[first + column] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (allCount < 2 * group) {
      all[allCount] = value;
      allCount += 1;
    }
    if (believed || !hasMark(shape, unit, row, RowMark.flagged)) {
      quiet[quietCount] = value;
      quietCount += 1;
    }
  }
  const values = quietCount >= fewest ? quiet : all;
  const count = quietCount >= fewest ? quietCount : allCount;
  if (count < fewest) return Number.NaN;
  const level = median(values, 0, Math.min(count, group));
  if (count < 2 * group) return level;
  const before = median(values, group, group);
  return level + ((level - before) / group) * ahead;
}

/** Median of some consecutive values, which are sorted in place. */
function median(values: Float32Array, from: number, count: number): number {
  for (let next = from + 1; next < from + count; next += 1) {
    const value = values[next] ?? 0;
    let place = next;
    while (place > from && (values[place - 1] ?? 0) > value) {
      values[place] = values[place - 1] ?? 0;
      place -= 1;
    }
    values[place] = value;
  }
  const middle = from + (count >> 1);
  const high = values[middle] ?? Number.NaN;
  return count % 2 === 1 ? high : ((values[middle - 1] ?? high) + high) / 2;
}
