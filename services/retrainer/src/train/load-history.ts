import { readingFlags } from '@verdict/contracts';
import type { HistoryStore } from '@verdict/storage';
import type { TrainingBlock } from '@verdict/training';

/** History that a training learns from and is judged on. */
export interface TrainingHistory {
  readonly blocks: readonly TrainingBlock[];
  readonly series: number;
  readonly readings: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Values held in memory at most (400 MB as times and floats); beyond it the oldest readings are left out. */
const mostValues = 40_000_000;

/**
 * Loads the scored history of a pool, one block per series. Readings that alarmed are marked, so that neither
 * they nor a margin around them are taken for normal. When the history is too large, every series loses its
 * oldest part to the same share.
 */
export async function loadHistory(request: {
  history: HistoryStore;
  pool: string;
  fromMs: number;
  toMs: number;
}): Promise<TrainingHistory> {
  const counts = (await request.history.counts()).get(request.pool);
  const readings = counts?.readings ?? 0;
  const blocks: TrainingBlock[] = [];
  let values = 0;
  let total = 0;
  for await (const { series, rows } of request.history.readPool(request.pool, request.fromMs, request.toMs)) {
    const width = rows.signals.length;
    const keep = Math.min(1, mostValues / Math.max(1, readings * width));
    const first = Math.floor(rows.times.length * (1 - keep));
    blocks.push({
      series,
      signals: rows.signals,
      times: rows.times.slice(first),
      values: rows.values.slice(first * width),
      flags: rows.flags.slice(first).map((flags) => flags & readingFlags.alarm),
    });
    values += (rows.times.length - first) * width;
    total += rows.times.length - first;
    if (values > 2 * mostValues) break;
  }
  const times = blocks.flatMap(({ times }) => (times.length > 0 ? [times[0] ?? 0, times.at(-1) ?? 0] : []));
  return {
    blocks,
    series: blocks.length,
    readings: total,
    fromMs: times.length > 0 ? Math.min(...times) : request.fromMs,
    toMs: times.length > 0 ? Math.max(...times) : request.toMs,
  };
}
