import type { Database } from '../database/open-database.ts';
import { decodeRows } from '../history/chunk-codec.ts';
import { dayStart, historyDays } from '../history/history-days.ts';
import { clipRows, mergeRows } from '../history/merge-rows.ts';
import type { HistoryRows } from '../ports/partition-store.ts';
import type { HistoryStore } from '../ports/query-stores.ts';

/** Takes away what is older than is to be kept. */
export interface HistoryRetention {
  /**
   * Drops whole UTC days of history that end before, and dead letters and notes of the door from before; resolves
   * with the days dropped.
   */
  dropOldHistory(beforeMs: number): Promise<number>;
}

/** Chunks fetched at once. */
const pageSize = 500;
/** Series keys fetched at once for a training. */
const keysPageSize = 500;

/** History on PostgreSQL. */
export function postgresHistoryStore(db: Database): HistoryStore & HistoryRetention {
  return {
    read: async ({ pool, series, ...range }) => {
      const [row] = await db.query<{ id: number }>('SELECT id FROM series WHERE pool = $1 AND key = $2', [
        pool,
        series,
      ]);
      return row === undefined ? null : readSeries(db, row.id, range);
    },
    readPool: (pool, fromMs, toMs) => readPool(db, pool, { fromMs, toMs }),
    counts: async () => {
      const rows = await db.query<{ pool: string; series: number; readings: number }>(
        `SELECT pool, count(*) AS series, sum(history_readings)::bigint AS readings
           FROM series WHERE history_readings > 0 GROUP BY pool`,
      );
      return new Map(rows.map(({ pool, series, readings }) => [pool, { series, readings }]));
    },
    dropOldHistory: async (beforeMs) => {
      const dropped = await historyDays(db).dropBefore(beforeMs);
      await db.query(`DELETE FROM dead_letter WHERE noted_at < to_timestamp($1 / 1000.0)`, [beforeMs]);
      // Whoever sends under ever new keys must not fill the database for good.
      await db.query('DELETE FROM door WHERE at_ms < $1', [beforeMs]);
      return dropped;
    },
  };
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
}

/** Fetches chunks from the newest back until there are `limit` readings in the range, or no more chunks. */
async function readSeries(db: Database, id: number, range: Range): Promise<HistoryRows | null> {
  const chunks: HistoryRows[] = [];
  let before: { firstMs: number; lastMs: number } | null = null;
  let readings = 0;
  for (;;) {
    const page: { first_ms: number; last_ms: number; payload: Buffer }[] = await db.query(
      `SELECT first_ms, last_ms, payload FROM history
        WHERE series_id = $1 AND first_ms BETWEEN $2 AND $3 AND last_ms >= $4
          AND ($5::bigint IS NULL OR (first_ms, last_ms) < ($5, $6))
        ORDER BY first_ms DESC, last_ms DESC LIMIT $7`,
      [
        id,
        dayStart(range.fromMs),
        range.toMs,
        range.fromMs,
        before?.firstMs ?? null,
        before?.lastMs ?? null,
        // A small wish needs few chunks; a chunk has at least one reading.
        Math.min(pageSize, range.limit),
      ],
    );
    for (const row of page) {
      const rows = decodeRows(row.payload);
      chunks.push(rows);
      readings += clipRows(rows, range)?.times.length ?? 0;
      before = { firstMs: row.first_ms, lastMs: row.last_ms };
    }
    const done = page.length < Math.min(pageSize, range.limit);
    if (!done && readings < range.limit) continue;
    const merged = mergeRows(chunks.toReversed());
    const clipped = merged === null ? null : clipRows(merged, range);
    const count = clipped?.times.length ?? 0;
    if (done || count >= range.limit) return clipped;
    readings = count; // overlapping chunks were counted twice
  }
}

async function* readPool(
  db: Database,
  pool: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): AsyncGenerator<{ series: string; rows: HistoryRows }> {
  const range = { fromMs, toMs, limit: Number.MAX_SAFE_INTEGER };
  let after = '';
  for (;;) {
    const page = await db.query<{ id: number; key: string }>(
      `SELECT id, key FROM series
        WHERE pool = $1 AND key > $2 AND history_last_ms >= $3 ORDER BY key LIMIT $4`,
      [pool, after, fromMs, keysPageSize],
    );
    for (const { id, key } of page) {
      const rows = await readSeries(db, id, range);
      if (rows !== null) yield { series: key, rows };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < keysPageSize) return;
    after = last.key;
  }
}
