import type { Database } from '../database/open-database.ts';
import {
  type CompactedHistory,
  type CompactionPlace,
  compactSeries,
  daysToCompact,
  freeDay,
} from '../history/compact-history.ts';
import { attachedDays, dropDaysBefore } from '../history/history-days.ts';
import { readPool, readSeries } from '../history/read-history.ts';
import type { HistoryStore } from '../ports/query-stores.ts';

/** Takes away what is older than is to be kept. */
export interface HistoryRetention {
  /**
   * Drops whole UTC days of history that end before, and dead letters and notes of the door from before; resolves
   * with the days dropped.
   */
  dropOldHistory(beforeMs: number): Promise<number>;
}

/** Packs the fresh chunks of finished days into day chunks. Nobody who reads sees a difference. */
export interface HistoryCompaction {
  /** First milliseconds of UTC days that ended at or before `beforeMs` and have fresh chunks, oldest first. */
  daysToCompact(beforeMs: number): Promise<number[]>;
  /** Packs some series of a day in one transaction; null when another process is at it. */
  compactSeries(place: CompactionPlace): Promise<CompactedHistory | null>;
  /** Gives the room of a day's fresh chunks back when none is left; resolves with whether it did. */
  freeDay(day: number): Promise<boolean>;
}

/** History on PostgreSQL. */
export function postgresHistoryStore(db: Database): HistoryStore & HistoryRetention & HistoryCompaction {
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
      const dropped = await dropDaysBefore(db, beforeMs);
      await db.query(`DELETE FROM dead_letter WHERE noted_at < to_timestamp($1 / 1000.0)`, [beforeMs]);
      // Whoever sends under ever new keys must not fill the database for good.
      await db.query('DELETE FROM door WHERE at_ms < $1', [beforeMs]);
      return dropped;
    },
    daysToCompact: async (beforeMs) => daysToCompact(db, await attachedDays(db, 'history'), beforeMs),
    compactSeries: (place) => compactSeries(db, place),
    freeDay: (day) => freeDay(db, day),
  };
}
