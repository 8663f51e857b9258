import type { Queries } from '../../database/open-database.ts';
import { encodeRows } from '../../history/chunk-codec.ts';
import { cutRows } from '../../history/cut-rows.ts';
import type { HistoryRows } from '../../ports/partition-store.ts';

/** A chunk ready to be written. */
export interface PackedChunk {
  readonly series: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly readings: number;
  readonly payload: Uint8Array;
}

/** Packs the history of a batch, cut at days. Done before the transaction, to keep that short. */
export function packHistory(history: readonly { series: string; rows: HistoryRows }[]): PackedChunk[] {
  return history.flatMap(({ series, rows }) =>
    cutRows(rows).map((piece) => ({
      series,
      firstMs: piece.times[0] ?? 0,
      lastMs: piece.times.at(-1) ?? 0,
      readings: piece.times.length,
      payload: encodeRows(piece),
    })),
  );
}

/**
 * Writes chunks and moves each series' newest time. A chunk over exactly the same time as a stored one is the
 * same chunk, redelivered: the fuller one stays.
 */
export async function writeHistory(
  queries: Queries,
  chunks: readonly PackedChunk[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (chunks.length === 0) return;
  // Counted from 1 on.
  let next = 1;
  await queries.query(
    `WITH chunk AS (
       SELECT series_id, first_ms, last_ms, readings, substring($5::bytea FROM place FOR bytes) AS payload
         FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::integer[], $6::integer[], $7::integer[])
           AS c (series_id, first_ms, last_ms, readings, place, bytes)
     ), written AS (
       INSERT INTO history (series_id, first_ms, last_ms, readings, payload) SELECT * FROM chunk
       ON CONFLICT (series_id, first_ms, last_ms)
       DO UPDATE SET readings = excluded.readings, payload = excluded.payload
         WHERE history.readings < excluded.readings
       RETURNING series_id, last_ms, readings
     ), grown AS (
       SELECT series_id, max(last_ms) AS last_ms, sum(readings) AS readings FROM written GROUP BY series_id
     )
     UPDATE series
        SET history_last_ms = greatest(history_last_ms, grown.last_ms),
            history_readings = history_readings + grown.readings
       FROM grown WHERE series.id = grown.series_id`,
    [
      arrayOf(chunks, (chunk) => ids.get(chunk.series) ?? null),
      arrayOf(chunks, (chunk) => chunk.firstMs),
      arrayOf(chunks, (chunk) => chunk.lastMs),
      arrayOf(chunks, (chunk) => chunk.readings),
      // One value, sent as it is: in a list each would be written in hexadecimal digits, and read again.
      Buffer.concat(chunks.map((chunk) => chunk.payload)),
      arrayOf(chunks, (chunk) => {
        const place = next;
        next += chunk.payload.length;
        return place;
      }),
      arrayOf(chunks, (chunk) => chunk.payload.length),
    ],
  );
}

/** Whole numbers as PostgreSQL reads a list of them; the driver looks at each for characters to be escaped. */
function arrayOf(chunks: readonly PackedChunk[], number: (chunk: PackedChunk) => number | null): string {
  return `{${chunks.map((chunk) => number(chunk) ?? 'NULL').join(',')}}`;
}
