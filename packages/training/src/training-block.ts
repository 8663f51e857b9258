import type { SeriesBlock } from '@verdict/detection';

/** What a row of history may be used for. */
export const RowMark = {
  /** To learn from, and as a quiet reading. */
  plain: 0,
  /** For nothing: it is, or may be, part of an anomaly. */
  excluded: 1,
  /** As a quiet reading only: a false alarm that a candidate is judged on, and so must not have learnt. */
  heldBack: 2,
} as const;

/** History of a series with what is known of it. */
export interface TrainingBlock extends SeriesBlock {
  /** One {@link RowMark} per row, margins included. Default: every row is plain. */
  readonly marks?: Uint8Array;
  /** One per row: number of the false alarm (from 1) that is taught with it; 0 = none. */
  readonly taught?: Uint32Array;
}

/** The blocks of each series, series in the order of their keys. */
export function bySeries<Block extends SeriesBlock>(blocks: readonly Block[]): Block[][] {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) groups.set(block.series, [...(groups.get(block.series) ?? []), block]);
  return [...groups.keys()].sort().map((key) => groups.get(key) ?? []);
}

/** Rows `from` up to, not including, `to`; shares memory with the block. */
export function rowsOf(block: TrainingBlock, from: number, to: number): TrainingBlock {
  const width = block.signals.length;
  return {
    ...block,
    times: block.times.subarray(from, to),
    values: block.values.subarray(from * width, to * width),
    ...(block.marks && { marks: block.marks.subarray(from, to) }),
    ...(block.taught && { taught: block.taught.subarray(from, to) }),
  };
}

/** The first row at or after a time; the number of rows when there is none. */
export function rowAt({ times }: SeriesBlock, timeMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Number.NaN) >= timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The event time before which `share` of all readings lie. `NaN` without readings. */
export function timeAtShare(blocks: readonly SeriesBlock[], share: number): number {
  const total = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const all = new Float64Array(total);
  let at = 0;
  for (const { times } of blocks) {
    all.set(times, at);
    at += times.length;
  }
  all.sort();
  return all[Math.min(total - 1, Math.floor(total * share))] ?? Number.NaN;
}
