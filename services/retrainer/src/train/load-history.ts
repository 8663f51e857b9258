import { readingFlags } from '@verdict/contracts';
import type { SeriesBlock } from '@verdict/detection';
import type { HistoryRows, HistoryStore } from '@verdict/storage';

/** Stored readings of one series. */
export interface HistoryBlock extends SeriesBlock {
  /** One per row, not 0 = it alarmed when it came. */
  readonly alarms: Uint8Array;
}

/** History that a training learns from and is judged on. */
export interface TrainingHistory {
  readonly blocks: readonly HistoryBlock[];
  readonly series: number;
  readonly readings: number;
  /** Older readings that were left out because there is no room for all. */
  readonly leftOut: number;
  /** Epoch milliseconds of the oldest and newest reading; what was asked for when there is none. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Values held in memory: 40 million take about 500 MB with their times and flags. */
const defaultMostValues = 40_000_000;

/**
 * Loads the scored history of a pool, one block per series. Readings that alarmed are marked. When there are more than
 * `mostValues`, every series loses its oldest part, to the same share.
 */
export async function loadHistory(request: {
  history: Pick<HistoryStore, 'readPool'>;
  pool: string;
  fromMs: number;
  toMs: number;
  mostValues?: number;
}): Promise<TrainingHistory> {
  const { history, pool, fromMs, toMs, mostValues = defaultMostValues } = request;
  const loaded: { block: HistoryBlock; found: number }[] = [];
  /** Share of each series that is kept: how much there is shows only at the end, so it is halved on the way. */
  let share = 1;
  let values = 0;
  for await (const { series, rows } of history.readPool(pool, fromMs, toMs)) {
    if (rows.times.length === 0) continue;
    const block = newestOf(blockOf(series, rows), Math.ceil(rows.times.length * share));
    loaded.push({ block, found: rows.times.length });
    values += block.values.length;
    for (
      ;
      values > mostValues && share > 1e-6;
      values = loaded.reduce((sum, one) => sum + one.block.values.length, 0)
    ) {
      share /= 2;
      for (const one of loaded) one.block = newestOf(one.block, Math.ceil(one.found * share));
    }
  }
  const blocks = loaded.map(({ block }) => block);
  const readings = blocks.reduce((sum, { times }) => sum + times.length, 0);
  return {
    blocks,
    series: blocks.length,
    readings,
    leftOut: loaded.reduce((sum, { found }) => sum + found, 0) - readings,
    fromMs: blocks.reduce(
      (oldest, { times }) => Math.min(oldest, times[0] ?? oldest),
      blocks.length > 0 ? toMs : fromMs,
    ),
    toMs: blocks.reduce(
      (newest, { times }) => Math.max(newest, times.at(-1) ?? newest),
      blocks.length > 0 ? fromMs : toMs,
    ),
  };
}

function blockOf(series: string, { signals, times, values, flags }: HistoryRows): HistoryBlock {
  return { series, signals, times, values, alarms: flags.map((bits) => bits & readingFlags.alarm) };
}

/** The newest rows of a block, copied so that the others can be freed. */
function newestOf(block: HistoryBlock, rows: number): HistoryBlock {
  const first = block.times.length - rows;
  if (first <= 0) return block;
  return {
    ...block,
    times: block.times.slice(first),
    values: block.values.slice(first * block.signals.length),
    alarms: block.alarms.slice(first),
  };
}
