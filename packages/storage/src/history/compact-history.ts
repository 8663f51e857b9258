import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Queries } from '../database/open-database.ts';
import { CorruptChunk } from './byte-cursor.ts';
import { encodeDayRows } from './chunk-codec.ts';
import { cutRows } from './cut-rows.ts';
import { dayMs, historyDays, partOf } from './history-days.ts';
import { bySeries, mergeChunks, type StoredChunk, type Stretch, storedChunks } from './stored-chunks.ts';

/** What one step of compaction did. */
export interface CompactedHistory {
  /** Series whose day was packed. */
  readonly series: number;
  /** Fresh chunks that went into them. */
  readonly chunks: number;
  /** Readings in the days packed. */
  readonly readings: number;
  /** Bytes of payload that there were before, and that there are now. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Series that were left as they are, because a chunk of theirs cannot be read. */
  readonly unreadable: number;
  /** Where the next step goes on; null = the day is done. */
  readonly after: number | null;
}

/** Where in a day a step begins. */
export interface CompactionPlace {
  /** First millisecond of the UTC day. */
  readonly day: number;
  /** Id of the series that the step before ended with; 0 = the beginning. */
  readonly after: number;
}

/** Serialises compaction over all processes; any constant will do. */
const compactionLock = 7_218_364_502;

/** Series looked at in one step, and bytes of payload of theirs, about: some hundred milliseconds of work. */
const mostSeries = 64;
const mostBytes = 2 * 1024 * 1024;

/**
 * Packs the next series of a day: all fresh chunks of each, and what was compacted of that day before, become one
 * chunk, in one transaction. Whoever is killed in the middle has done nothing. Null when another process is at it.
 */
export async function compactSeries(db: Database, place: CompactionPlace): Promise<CompactedHistory | null> {
  if (place.after === 0) await historyDays(db, 'history_day').ensure([place.day]);
  return db.transaction(async (queries) => {
    const [lock] = await queries.query<{ got: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS got', [
      compactionLock,
    ]);
    if (!lock?.got) return null;
    const { ids, after } = await nextSeries(queries, place);
    const range = { fromMs: place.day, toMs: place.day + dayMs - 1 };
    const locked = await lockChunks(queries, ids, range);
    const stored = await storedChunks(queries, ids, range);
    // What came between the two looks waits for the next time.
    const groups = bySeries(stored.filter((chunk) => chunk.last_ms === null || locked.has(nameOf(chunk))));
    const packed: PackedDay[] = [];
    let unreadable = 0;
    for (const [id, chunks] of groups) {
      // Packing takes its time: heartbeats and requests get theirs in between.
      await nextTurn();
      const day = packDay(id, chunks);
      if (day === null) unreadable += 1;
      else packed.push(day);
    }
    await replaceChunks(queries, packed, range);
    return { ...sumOf(packed), unreadable, after };
  });
}

interface PackedDay {
  readonly id: number;
  /** What it is made of. */
  readonly from: readonly StoredChunk[];
  readonly pieces: readonly { firstMs: number; counted: number; payload: Uint8Array }[];
  readonly readings: number;
}

async function nextSeries(
  queries: Queries,
  { day, after }: CompactionPlace,
): Promise<{ ids: number[]; after: number | null }> {
  const found = await queries.query<{ id: number; bytes: number }>(
    `SELECT series_id AS id, sum(octet_length(payload))::bigint AS bytes FROM history
      WHERE first_ms BETWEEN $1 AND $2 AND series_id > $3 GROUP BY series_id ORDER BY series_id LIMIT $4`,
    [day, day + dayMs - 1, after, mostSeries],
  );
  const ids: number[] = [];
  let bytes = 0;
  for (const one of found) {
    if (ids.length > 0 && bytes + one.bytes > mostBytes) break;
    ids.push(one.id);
    bytes += one.bytes;
  }
  const done = found.length < mostSeries && ids.length === found.length;
  return { ids, after: done ? null : (ids.at(-1) ?? null) };
}

/** A chunk that is written again meanwhile, fuller, waits, and then stands beside the compacted day. */
async function lockChunks(
  queries: Queries,
  ids: readonly number[],
  { fromMs, toMs }: Stretch,
): Promise<ReadonlySet<string>> {
  const rows = await queries.query<ChunkKey>(
    `SELECT series_id, first_ms, last_ms FROM history
      WHERE series_id = ANY($1::bigint[]) AND first_ms BETWEEN $2 AND $3
      ORDER BY series_id, first_ms, last_ms FOR UPDATE`,
    [ids, fromMs, toMs],
  );
  return new Set(rows.map(nameOf));
}

type ChunkKey = Pick<StoredChunk, 'series_id' | 'first_ms' | 'last_ms'>;

function nameOf({ series_id, first_ms, last_ms }: ChunkKey): string {
  return `${series_id} ${first_ms} ${last_ms}`;
}

/** Null when a chunk is damaged: those of the series stay as they are. */
function packDay(id: number, from: readonly StoredChunk[]): PackedDay | null {
  try {
    const rows = mergeChunks(from);
    if (rows === null) return null;
    const pieces = cutRows(rows);
    // What overlapping chunks held twice was counted twice, and goes from the count with the day.
    const twice = from.reduce((sum, { readings }) => sum + readings, 0) - rows.times.length;
    return {
      id,
      from,
      readings: rows.times.length,
      pieces: pieces.map((piece, at) => ({
        firstMs: piece.times[0] ?? 0,
        counted: piece.times.length + (at === 0 ? twice : 0),
        payload: encodeDayRows(piece),
      })),
    };
  } catch (error) {
    if (error instanceof CorruptChunk) return null;
    throw error;
  }
}

async function replaceChunks(
  queries: Queries,
  days: readonly PackedDay[],
  { fromMs, toMs }: Stretch,
): Promise<void> {
  const ids = days.map(({ id }) => id);
  if (ids.length === 0) return;
  const fresh = days.flatMap(({ from }) => from.filter(({ last_ms }) => last_ms !== null));
  const deleted = await queries.query(
    `DELETE FROM history USING unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (series_id, first_ms, last_ms)
      WHERE history.series_id = c.series_id AND history.first_ms = c.first_ms AND history.last_ms = c.last_ms
        AND history.first_ms BETWEEN $4 AND $5
     RETURNING history.readings`,
    [
      fresh.map(({ series_id }) => series_id),
      fresh.map(({ first_ms }) => first_ms),
      fresh.map(({ last_ms }) => last_ms),
      fromMs,
      toMs,
    ],
  );
  if (deleted.length !== fresh.length)
    throw new Error(`${fresh.length} chunks were compacted, but ${deleted.length} of them are there`);
  await queries.query(
    'DELETE FROM history_day WHERE series_id = ANY($1::bigint[]) AND first_ms BETWEEN $2 AND $3',
    [ids, fromMs, toMs],
  );
  const rows = days.flatMap(({ id, pieces }) => pieces.map((piece) => ({ id, ...piece })));
  await queries.query(
    `INSERT INTO history_day (series_id, first_ms, readings, payload)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bytea[])`,
    [
      rows.map(({ id }) => id),
      rows.map(({ firstMs }) => firstMs),
      rows.map(({ counted }) => counted),
      rows.map(({ payload }) => payload),
    ],
  );
}

function sumOf(days: readonly PackedDay[]): Omit<CompactedHistory, 'unreadable' | 'after'> {
  const chunks = days.flatMap(({ from }) => from);
  const pieces = days.flatMap((day) => day.pieces);
  return {
    series: days.length,
    chunks: chunks.filter(({ last_ms }) => last_ms !== null).length,
    readings: days.reduce((sum, { readings }) => sum + readings, 0),
    bytesBefore: chunks.reduce((sum, { payload }) => sum + payload.length, 0),
    bytesAfter: pieces.reduce((sum, { payload }) => sum + payload.length, 0),
  };
}

/** Days with fresh chunks that ended at or before `beforeMs`, oldest first. */
export async function daysToCompact(
  db: Database,
  days: readonly number[],
  beforeMs: number,
): Promise<number[]> {
  const ended = days.filter((day) => day + dayMs <= beforeMs);
  if (ended.length === 0) return [];
  const rows = await db.query<{ day: number }>(
    `SELECT day FROM unnest($1::bigint[]) AS day
      WHERE EXISTS (SELECT FROM history WHERE first_ms >= day AND first_ms < day + ${dayMs}) ORDER BY day`,
    [ended],
  );
  return rows.map(({ day }) => day);
}

/**
 * Gives back the room of a day whose fresh chunks are all compacted; resolves with whether it did. Nobody misses them:
 * a look that waits for the lock begins when it has it, and finds the readings in the day's chunks.
 */
export async function freeDay(db: Database, day: number): Promise<boolean> {
  const part = partOf('history', day);
  const [size] = await db.query<{ bytes: number }>(
    'SELECT coalesce(pg_relation_size(to_regclass($1)), 0) AS bytes',
    [part],
  );
  if (size === undefined || size.bytes === 0) return false;
  return db.transaction(async ({ query }) => {
    await query("SET LOCAL lock_timeout = '1s'");
    const [found] = await query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [part]);
    if (!found?.there) return false;
    await query(`LOCK TABLE ${part} IN ACCESS EXCLUSIVE MODE`);
    const left = await query(`SELECT FROM ${part} LIMIT 1`);
    if (left.length > 0) return false;
    await query(`TRUNCATE ${part}`);
    return true;
  });
}
