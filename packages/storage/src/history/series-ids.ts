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

/** Remembers at most `memorySize` ids of each pool: all that a process may serve, or each commit asks for them anew. */
export function seriesIds(memorySize = 2_000_000): SeriesIds {
  // A process works for one pool, rarely for several.
  const pools = new Map<string, Map<string, number>>();
  const knownOf = (pool: string): Map<string, number> => {
    const known = pools.get(pool) ?? new Map<string, number>();
    pools.set(pool, known);
    return known;
  };
  return {
    remember: (pool, ids) => {
      const known = knownOf(pool);
      for (const [key, id] of ids) {
        if (known.has(key)) continue;
        if (known.size >= memorySize) known.clear();
        known.set(key, id);
      }
    },
    ensure: async (queries, { pool, partition, keys }) => {
      const known = knownOf(pool);
      const ids = new Map<string, number>();
      const others = new Set<string>();
      for (const key of keys) {
        const id = known.get(key);
        if (id === undefined) others.add(key);
        else ids.set(key, id);
      }
      const unknown = [...others].sort();
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
