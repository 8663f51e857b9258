import { randomBytes } from 'node:crypto';
import type { Database } from '../database/open-database.ts';

/** Milliseconds of a UTC day, the unit in which history is stored and dropped. */
export const dayMs = 86_400_000;

/** First millisecond of the UTC day that a time lies in. */
export function dayStart(timeMs: number): number {
  return Math.floor(timeMs / dayMs) * dayMs;
}

/** The tables that have a part for each UTC day: fresh chunks, and compacted days. */
const dayTables = ['history', 'history_day'] as const;
export type DayTable = (typeof dayTables)[number];

/** The daily parts of one of the tables. */
export interface HistoryDays {
  /** Makes sure that the days of these times have tables; remembers which have. */
  ensure(timesMs: Iterable<number>): Promise<void>;
  /** Forgets what is remembered: another process may have dropped a day. */
  forget(): void;
}

/** Serialises making and dropping days over all processes; any constant will do. */
const daysLock = 7_218_364_501;

/** Looks after the daily parts of a table. */
export function historyDays(db: Database, table: DayTable): HistoryDays {
  const known = new Set<number>();
  return {
    forget: () => known.clear(),
    ensure: async (timesMs) => {
      for (const day of new Set([...timesMs].map(dayStart))) {
        if (known.has(day)) continue;
        await attachDay(db, table, day);
        known.add(day);
      }
    },
  };
}

/** Drops all days that end at or before `beforeMs`, fresh and compacted; resolves with their number. */
export async function dropDaysBefore(db: Database, beforeMs: number): Promise<number> {
  const dropped = new Set<number>();
  for (const table of dayTables)
    for (const day of await attachedDays(db, table)) {
      if (day + dayMs > beforeMs) continue;
      await detachDay(db, table, day);
      dropped.add(day);
    }
  await dropDetached(db);
  return dropped.size;
}

/** Name of a day's part. */
export function partOf(table: DayTable, day: number): string {
  return `${table}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '_')}`;
}

/**
 * Made apart and then attached: attaching does not stop readers and writers of the other days, whereas
 * `CREATE TABLE … PARTITION OF` locks them all out.
 */
async function attachDay(db: Database, table: DayTable, day: number): Promise<void> {
  const part = partOf(table, day);
  await db.transaction(async ({ query }) => {
    await query('SELECT pg_advisory_xact_lock($1)', [daysLock]);
    const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [part]);
    if (found?.there) return;
    await query(`CREATE TABLE ${part} (LIKE ${table} INCLUDING ALL)`);
    await query(`ALTER TABLE ${table} ATTACH PARTITION ${part} FOR VALUES FROM (${day}) TO (${day + dayMs})`);
  });
}

/** Days that a table has parts for, ascending. */
export async function attachedDays(db: Database, table: DayTable): Promise<number[]> {
  const rows = await db.query<{ name: string }>(
    'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass',
    [table],
  );
  return rows
    .map((row) => /_(\d{4})_(\d\d)_(\d\d)$/.exec(row.name))
    .filter((match) => match !== null)
    .map(([, year, month, day]) => Date.UTC(Number(year), Number(month) - 1, Number(day)))
    .sort((a, b) => a - b);
}

/** Takes a day out of history and names it as one that is to go; a busy table is waited for at most 5 s. */
async function detachDay(db: Database, table: DayTable, day: number): Promise<void> {
  const part = partOf(table, day);
  await db.transaction(async ({ query }) => {
    await query("SET LOCAL lock_timeout = '5s'");
    await query('SELECT pg_advisory_xact_lock($1)', [daysLock]);
    const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [part]);
    if (!found?.there) return;
    await query(`ALTER TABLE ${table} DETACH PARTITION ${part}`);
    await query(`ALTER TABLE ${part} RENAME TO dropped_${part}_${randomBytes(4).toString('hex')}`);
  });
}

/** Takes the counts of detached days back and removes them, those too that a killed process left behind. */
async function dropDetached(db: Database): Promise<void> {
  const rows = await db.query<{ name: string }>(
    `SELECT quote_ident(relname) AS name FROM pg_class
      WHERE relkind = 'r' AND relname LIKE 'dropped\\_history\\_%' AND pg_table_is_visible(oid)`,
  );
  for (const { name } of rows)
    await db.transaction(async ({ query }) => {
      await query('SELECT pg_advisory_xact_lock($1)', [daysLock]);
      const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
      if (!found?.there) return;
      await query(
        `UPDATE series SET history_readings = greatest(0, history_readings - gone.readings)
           FROM (SELECT series_id, sum(readings)::bigint AS readings FROM ${name} GROUP BY series_id) gone
          WHERE series.id = gone.series_id`,
      );
      await query(`DROP TABLE ${name}`);
    });
}
