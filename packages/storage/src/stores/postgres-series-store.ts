import type { Database } from '../database/open-database.ts';
import type { SeriesRow, SeriesStore } from '../ports/query-stores.ts';

const columns = `key AS series, pool, partition, signals, state, readings, first_ms AS "firstMs",
  last_ms AS "lastMs", score, open_anomaly AS "openAnomaly"`;

/** Series turned away at the door that are told at most: who sends random keys must not fill answers. */
const doorLimit = 10_000;

type DoorRow = Awaited<ReturnType<SeriesStore['atDoor']>>[number];

/**
 * What is known of series, on PostgreSQL. A series that moved from one pool to another has a row in both; the one
 * with the newest reading is told.
 */
export function postgresSeriesStore(db: Database): SeriesStore {
  return {
    list: ({ search, after, limit }) =>
      db.query<SeriesRow>(
        `SELECT DISTINCT ON (key) ${columns} FROM series
          WHERE state IS NOT NULL AND ($1::text IS NULL OR key > $1)
            AND ($2::text IS NULL OR position(lower($2) IN lower(key)) > 0)
          ORDER BY key, last_ms DESC LIMIT $3`,
        [after ?? null, search ?? null, limit],
      ),
    get: async (series) => {
      const [row] = await db.query<SeriesRow>(
        `SELECT ${columns} FROM series WHERE key = $1 AND state IS NOT NULL ORDER BY last_ms DESC LIMIT 1`,
        [series],
      );
      return row ?? null;
    },
    noteAtDoor: async (entries) => {
      const newest = new Map<string, DoorRow>();
      for (const entry of entries)
        if (entry.atMs >= (newest.get(entry.series)?.atMs ?? Number.NEGATIVE_INFINITY))
          newest.set(entry.series, entry);
      // In one order, so that two gateways that note the same series do not wait for each other crosswise.
      const rows = [...newest.values()].sort((a, b) => (a.series < b.series ? -1 : 1));
      if (rows.length === 0) return;
      await db.query(
        `INSERT INTO door (series, state, reason, at_ms)
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
         ON CONFLICT (series) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, at_ms = excluded.at_ms
          WHERE door.at_ms <= excluded.at_ms`,
        [
          rows.map((row) => row.series),
          rows.map((row) => row.state),
          rows.map((row) => row.reason),
          rows.map((row) => row.atMs),
        ],
      );
    },
    atDoor: () =>
      db.query<DoorRow>(
        'SELECT series, state, reason, at_ms AS "atMs" FROM door ORDER BY at_ms DESC, series LIMIT $1',
        [doorLimit],
      ),
    deadLetters: async () => {
      const rows = await db.query<{ reason: string; n: number }>(
        `SELECT reason, count(*) AS n FROM dead_letter WHERE replayed_at IS NULL GROUP BY reason ORDER BY reason`,
      );
      return Object.fromEntries(rows.map((row) => [row.reason, row.n]));
    },
  };
}
