import { type ReadingRing, RowMark } from './reading-ring.ts';

/** Values per median. */
const group = 8;
const fewest = 4;
const lookBack = 32;
/** The level of a group is that of its middle; the next reading comes half a group and a half later. */
const ahead = (group + 1) / 2;

export interface LevelRequest {
  readonly ring: ReadingRing;
  readonly column: number;
  /** The row that is expected; rows before it are looked at. */
  readonly row: number;
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
export function localLevel({ ring, column, row, sinceGap, believed }: LevelRequest): number {
  const reach = Math.min(lookBack, sinceGap, row - ring.first);
  const quiet: number[] = [];
  const all: number[] = [];
  for (let back = 1; back <= reach && quiet.length < 2 * group; back += 1) {
    const value = ring.raw(row - back, column);
    if (Number.isNaN(value)) continue;
    all.push(value);
    if (believed || !ring.has(row - back, RowMark.flagged)) quiet.push(value);
  }
  const values = quiet.length >= fewest ? quiet : all;
  if (values.length < fewest) return Number.NaN;
  const level = median(values.slice(0, group));
  if (values.length < 2 * group) return level;
  const before = median(values.slice(group, 2 * group));
  return level + ((level - before) / group) * ahead;
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  const high = values[middle] ?? Number.NaN;
  return values.length % 2 === 1 ? high : ((values[middle - 1] ?? high) + high) / 2;
}
