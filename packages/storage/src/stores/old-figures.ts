import type { Queries } from '../database/open-database.ts';

const planned = `unnest('{version,shadow,fallback}'::text[])`;

/** Versions that a plan, a rollout or a lease names, by pool: somebody may count on their figures. */
const named = `
  SELECT pool, (one.value ->> role)::integer AS version FROM plan, jsonb_each(partitions) one, ${planned} role
   UNION SELECT pool, (one.value ->> role)::integer FROM rollout, jsonb_each(state -> 'before') one, ${planned} role
   UNION SELECT pool, (state ->> role)::integer
           FROM rollout, unnest('{champion,candidate,fallback,reinstated}'::text[]) role
   UNION SELECT grp, version FROM lease
   UNION SELECT grp, shadow FROM lease`;

/**
 * Drops figures that have not changed since, of versions that nothing names any more (of shadows, where one of the two
 * is not named); when each first served is kept. Resolves with the rows dropped.
 */
export async function dropOldFigures(queries: Queries, beforeMs: number): Promise<number> {
  const [row] = await queries.query<{ gone: number }>(
    `WITH named AS (${named}), gone AS (
       DELETE FROM version_figures life
        WHERE seen < to_timestamp($1 / 1000.0)
          AND NOT EXISTS (SELECT FROM named WHERE named.pool = life.pool AND named.version = life.version)
       RETURNING pool, version, readings, since
     ), kept AS (
       INSERT INTO version_served AS served (pool, version, since)
       SELECT pool, version, min(since) FROM gone WHERE readings > 0 GROUP BY pool, version
       ON CONFLICT (pool, version) DO UPDATE SET since = least(served.since, excluded.since)
     )
     SELECT count(*) AS gone FROM gone`,
    [beforeMs],
  );
  const [shadows] = await queries.query<{ gone: number }>(
    `WITH named AS (${named}), gone AS (
       DELETE FROM shadow_figures life
        WHERE seen < to_timestamp($1 / 1000.0)
          AND NOT (EXISTS (SELECT FROM named WHERE named.pool = life.pool AND named.version = life.version)
               AND EXISTS (SELECT FROM named WHERE named.pool = life.pool AND named.version = life.shadow))
       RETURNING 1
     )
     SELECT count(*) AS gone FROM gone`,
    [beforeMs],
  );
  return (row?.gone ?? 0) + (shadows?.gone ?? 0);
}

/** Version → when it first scored for people on any partition, epoch ms; one that only ever failed is not in it. */
export async function servedSince(queries: Queries, pool: string): Promise<Map<number, number>> {
  const rows = await queries.query<{ version: number; sinceMs: number }>(
    `SELECT version, floor(extract(epoch FROM min(since)) * 1000)::bigint AS "sinceMs"
       FROM (SELECT version, since FROM version_figures WHERE pool = $1 AND readings > 0
             UNION ALL SELECT version, since FROM version_served WHERE pool = $1) ever
      GROUP BY version`,
    [pool],
  );
  return new Map(rows.map(({ version, sinceMs }) => [version, sinceMs]));
}
