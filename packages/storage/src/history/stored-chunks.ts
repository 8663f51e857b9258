import type { Queries } from '../database/open-database.ts';
import type { HistoryRows } from '../ports/partition-store.ts';
import { decodeRows } from './chunk-codec.ts';
import { dayMs, dayStart } from './history-days.ts';
import { mergeRows } from './merge-rows.ts';

/** A stored chunk of a series, fresh or a day's, not yet unpacked. */
export interface StoredChunk {
  readonly series_id: number;
  readonly first_ms: number;
  /** Null for a compacted one. */
  readonly last_ms: number | null;
  readonly readings: number;
  readonly payload: Buffer;
}

/** A stretch of time, both ends included. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * All chunks of some series that may have readings in a stretch, series by series, in the order in which they are to be
 * merged: by days, a compacted one before fresh ones. One statement, so one look at the database: while a day is being
 * compacted its readings are seen either in fresh chunks or in the day's, and always all of them.
 */
export async function storedChunks(
  queries: Queries,
  seriesIds: readonly number[],
  { fromMs, toMs }: Stretch,
): Promise<StoredChunk[]> {
  return queries
    .query<StoredChunk>(
      `SELECT series_id, first_ms, NULL::bigint AS last_ms, readings, payload FROM history_day
      WHERE series_id = ANY($1::bigint[]) AND first_ms BETWEEN $2 AND $4
     UNION ALL
     SELECT series_id, first_ms, last_ms, readings, payload FROM history
      WHERE series_id = ANY($1::bigint[]) AND first_ms BETWEEN $2 AND $4 AND last_ms >= $3`,
      [seriesIds, dayStart(fromMs), fromMs, toMs],
    )
    .then(inOrder);
}

function inOrder(chunks: StoredChunk[]): StoredChunk[] {
  const rank = ({ last_ms }: StoredChunk) => (last_ms === null ? 0 : 1);
  return chunks.sort(
    (a, b) =>
      a.series_id - b.series_id ||
      Math.floor(a.first_ms / dayMs) - Math.floor(b.first_ms / dayMs) ||
      rank(a) - rank(b) ||
      a.first_ms - b.first_ms ||
      (a.last_ms ?? 0) - (b.last_ms ?? 0),
  );
}

/** The readings of chunks in this order, each once; null when there are none. Throws `CorruptChunk`. */
export function mergeChunks(chunks: readonly StoredChunk[]): HistoryRows | null {
  return mergeRows(chunks.map(({ payload }) => decodeRows(payload)));
}

/** Chunks by series. */
export function bySeries(chunks: readonly StoredChunk[]): Map<number, StoredChunk[]> {
  const groups = new Map<number, StoredChunk[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.series_id);
    if (group === undefined) groups.set(chunk.series_id, [chunk]);
    else group.push(chunk);
  }
  return groups;
}
