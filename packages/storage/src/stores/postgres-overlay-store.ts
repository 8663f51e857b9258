import { isDeepStrictEqual } from 'node:util';
import type { Database, Queries } from '../database/open-database.ts';
import type { OverlayEntry, OverlayStore } from '../ports/feedback-loop-stores.ts';
import { splitPoolKey } from './pool-key.ts';
import { tellChange } from './tell-change.ts';

const columns = `anomaly_id AS "anomalyId", series, patterns, until_ms AS "untilMs"`;

/** Numbers before the newest whose entries stay, committed with or not: detectors are seconds behind it, not hours. */
const keptNumbers = 1000;

/**
 * False-alarm memory on PostgreSQL. A row is an entry with the numbers at which it came and went; it is never changed
 * but for the latter, and goes when nobody can ask for a number any more that it belongs to.
 */
export function postgresOverlayStore(db: Database): OverlayStore {
  return {
    head: (pool) => headOf(db, pool),
    entries: (pool, number) => entries(db, pool, number),
    amend: (pool, change) => db.transaction((queries) => amend(queries, pool, change)),
    causeOf: async (pool, number) => {
      const [row] = await db.query<{ traceparent: string | null }>(
        'SELECT traceparent FROM overlay_head WHERE pool = $1 AND number = $2',
        [pool, number],
      );
      return row?.traceparent ?? null;
    },
    ofAnomaly: async (pool, anomalyId) => {
      const [row] = await db.query<OverlayEntry & { addedAtMs: number }>(
        `SELECT ${columns}, floor(extract(epoch FROM added_at) * 1000)::bigint AS "addedAtMs" FROM overlay_entry
          WHERE pool = $1 AND anomaly_id = $2 AND removed IS NULL`,
        [pool, anomalyId],
      );
      return row ?? null;
    },
  };
}

async function headOf(queries: Queries, pool: string): Promise<number> {
  const [row] = await queries.query<{ number: number }>('SELECT number FROM overlay_head WHERE pool = $1', [
    pool,
  ]);
  return row?.number ?? 0;
}

async function entries(queries: Queries, pool: string, number: number): Promise<OverlayEntry[]> {
  const head = await headOf(queries, pool);
  if (!Number.isInteger(number) || number < 0 || number > head)
    throw new RangeError(`${pool} has no false-alarm memory ${number}: the newest is ${head}`);
  return queries.query<OverlayEntry>(
    `SELECT ${columns} FROM overlay_entry
      WHERE pool = $1 AND added <= $2 AND (removed IS NULL OR removed > $2) ORDER BY series, anomaly_id`,
    [pool, number],
  );
}

async function amend(
  queries: Queries,
  pool: string,
  change: Parameters<OverlayStore['amend']>[1],
): Promise<number> {
  if (change.add.length === 0 && change.remove.length === 0) return headOf(queries, pool);
  const head = await lockHead(queries, pool);
  const wanted = new Map(change.add.map((entry) => [entry.anomalyId, entry]));
  const named = [...new Set([...wanted.keys(), ...change.remove])];
  const there = await queries.query<OverlayEntry & { added_at: Date }>(
    `SELECT ${columns}, added_at FROM overlay_entry WHERE pool = $1 AND removed IS NULL AND anomaly_id = ANY($2)`,
    [pool, named],
  );
  const kept = new Set(there.filter((entry) => isSame(entry, wanted.get(entry.anomalyId))).map(idOf));
  const going = there.filter((entry) => !kept.has(entry.anomalyId)).map(idOf);
  const coming = [...wanted.values()].filter((entry) => !kept.has(entry.anomalyId));
  if (going.length === 0 && coming.length === 0) return head;
  const next = head + 1;
  // Who replaces an entry keeps the time since when there is one: that is what people are told.
  const since = new Map(there.map((entry) => [entry.anomalyId, entry.added_at]));
  await queries.query(
    'UPDATE overlay_entry SET removed = $2 WHERE pool = $1 AND removed IS NULL AND anomaly_id = ANY($3)',
    [pool, next, going],
  );
  await queries.query(
    `INSERT INTO overlay_entry (pool, added, anomaly_id, series, patterns, until_ms, added_at)
     SELECT $1, $2, e.anomaly_id, e.series, e.patterns, e.until_ms, coalesce(e.added_at, now())
       FROM unnest($3::text[], $4::text[], $5::jsonb[], $6::bigint[], $7::timestamptz[])
         AS e (anomaly_id, series, patterns, until_ms, added_at)`,
    [
      pool,
      next,
      coming.map(idOf),
      coming.map((entry) => entry.series),
      coming.map((entry) => JSON.stringify(entry.patterns)),
      coming.map((entry) => entry.untilMs),
      coming.map((entry) => since.get(entry.anomalyId) ?? null),
    ],
  );
  await queries.query('UPDATE overlay_head SET number = $2, traceparent = $3 WHERE pool = $1', [
    pool,
    next,
    change.traceparent ?? null,
  ]);
  await prune(queries, pool, next);
  await tellChange(queries, {
    topic: 'pool',
    ...splitPoolKey(pool),
    event: `false-alarm memory ${next}: ${coming.length} written, ${going.filter((id) => !wanted.has(id)).length} taken back`,
  });
  return next;
}

/** Forgets entries that went long ago, but for those that a replay from a kept snapshot would follow. */
async function prune(queries: Queries, pool: string, head: number): Promise<void> {
  if (head <= keptNumbers) return;
  await queries.query(
    `DELETE FROM overlay_entry gone
      WHERE pool = $1 AND removed <= $2 AND NOT EXISTS (
        SELECT FROM version_span span
         WHERE span.pool = $1 AND span.overlay >= gone.added AND span.overlay < gone.removed)`,
    [pool, head - keptNumbers],
  );
}

/** Number of the newest state, locked to the end of the transaction, so that no two writers make the same next one. */
async function lockHead(queries: Queries, pool: string): Promise<number> {
  await queries.query(
    'INSERT INTO overlay_head (pool, number) VALUES ($1, 0) ON CONFLICT (pool) DO NOTHING',
    [pool],
  );
  const [row] = await queries.query<{ number: number }>(
    'SELECT number FROM overlay_head WHERE pool = $1 FOR UPDATE',
    [pool],
  );
  if (row === undefined) throw new Error(`the false-alarm memory of ${pool} vanished`);
  return row.number;
}

function idOf(entry: OverlayEntry): string {
  return entry.anomalyId;
}

/** Whether a stored entry is the wanted one; the latter is compared as JSON would give it back. */
function isSame(stored: OverlayEntry, wanted: OverlayEntry | undefined): boolean {
  return (
    wanted !== undefined &&
    stored.series === wanted.series &&
    stored.untilMs === wanted.untilMs &&
    isDeepStrictEqual(stored.patterns, JSON.parse(JSON.stringify(wanted.patterns)))
  );
}
