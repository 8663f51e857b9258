import type { Queries } from '../database/open-database.ts';

/** Gives the short numbers that stand for series in history; they never change, so they are remembered. */
export interface SeriesIds {
  /** Ids by key; rows are made for those that have none. Nothing is remembered before `remember`. */
  ensure(
    queries: Queries,
    request: { pool: string; partition: string; keys: readonly string[] },
  ): Promise<ReadonlyMap<string, number>>;
  /** To be called when the transaction is committed: a rolled back one takes its new ids with it. */
  remember(pool: string, ids: ReadonlyMap<string, number>): void;
}

/** Remembers at most `memorySize` ids. */
export function seriesIds(memorySize = 200_000): SeriesIds {
  const memory = new Map<string, number>();
  const nameOf = (pool: string, key: string) => `${pool}\n${key}`;
  return {
    remember: (pool, ids) => {
      if (memory.size + ids.size > memorySize) memory.clear();
      for (const [key, id] of ids) memory.set(nameOf(pool, key), id);
    },
    ensure: async (queries, { pool, partition, keys }) => {
      const ids = new Map<string, number>();
      for (const key of keys) {
        const id = memory.get(nameOf(pool, key));
        if (id !== undefined) ids.set(key, id);
      }
      const unknown = [...new Set(keys)].filter((key) => !ids.has(key)).sort();
      if (unknown.length === 0) return ids;
      await queries.query(
        `INSERT INTO series (pool, partition, key) SELECT $1, $2, unnest($3::text[])
         ON CONFLICT (pool, key) DO NOTHING`,
        [pool, partition, unknown],
      );
      const rows = await queries.query<{ key: string; id: number }>(
        'SELECT key, id FROM series WHERE pool = $1 AND key = ANY($2)',
        [pool, unknown],
      );
      for (const row of rows) ids.set(row.key, row.id);
      return ids;
    },
  };
}
