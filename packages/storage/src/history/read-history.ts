import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../database/open-database.ts';
import type { HistoryRows } from '../ports/partition-store.ts';
import { decodeRows } from './chunk-codec.ts';
import { dayMs, dayStart } from './history-days.ts';
import { clipRows, mergeRows } from './merge-rows.ts';
import { bySeries, mergeChunks, type StoredChunk, type Stretch, storedChunks } from './stored-chunks.ts';

export interface HistoryRange extends Stretch {
  /** Readings at most; the newest ones. */
  readonly limit: number;
}

/** Chunks fetched at once, unless a single day has more. */
const mostChunks = 2000;
/** Readings that are unpacked in one go (some tens of milliseconds); others get their turn in between. */
const readingsPerTurn = 50_000;

/** Reads a series from the newest day back, until there are `limit` readings in the range, or no more days. */
export async function readSeries(db: Database, id: number, range: HistoryRange): Promise<HistoryRows | null> {
  const parts: HistoryRows[] = [];
  let missing = range.limit;
  for (const stretch of await stretchesOf(db, id, range)) {
    const chunks = await storedChunks(db, [id], stretch);
    const rows = mergeRows(await unpackInTurns(chunks));
    const clipped = rows === null ? null : clipRows(rows, { ...stretch, limit: missing });
    if (clipped === null) continue;
    parts.push(clipped);
    missing -= clipped.times.length;
    if (missing <= 0) break;
  }
  return mergeRows(parts.toReversed());
}

async function unpackInTurns(chunks: readonly StoredChunk[]): Promise<HistoryRows[]> {
  const unpacked: HistoryRows[] = [];
  let readings = 0;
  for (const { payload } of chunks) {
    const rows = decodeRows(payload);
    unpacked.push(rows);
    readings += rows.times.length;
    if (readings < readingsPerTurn) continue;
    await nextTurn();
    readings = 0;
  }
  return unpacked;
}

/**
 * Cuts a range into stretches of whole days, newest first, each with about the readings that are still wanted, or as
 * many chunks as are fetched at once. Whole days, because compaction moves the readings of a day together: they cannot
 * slip through between two looks.
 */
async function stretchesOf(db: Database, id: number, range: HistoryRange): Promise<Stretch[]> {
  const { fromMs, toMs, limit } = range;
  if (toMs < fromMs) return [];
  if (dayStart(toMs) - dayStart(fromMs) <= dayMs) return [range];
  const days = await db.query<{ day: number; readings: number; chunks: number }>(
    `SELECT floor(first_ms / ${dayMs}.0)::bigint AS day, sum(readings)::bigint AS readings, count(*) AS chunks FROM (
       SELECT first_ms, readings FROM history_day WHERE series_id = $1 AND first_ms BETWEEN $2 AND $4
       UNION ALL
       SELECT first_ms, readings FROM history
        WHERE series_id = $1 AND first_ms BETWEEN $2 AND $4 AND last_ms >= $3
     ) chunk GROUP BY 1 ORDER BY 1 DESC`,
    [id, dayStart(fromMs), fromMs, toMs],
  );
  const stretches: Stretch[] = [];
  let to = toMs;
  let readings = 0;
  let chunks = 0;
  for (const [at, day] of days.entries()) {
    readings += day.readings;
    chunks += day.chunks;
    const next = days[at + 1];
    if (next !== undefined && readings < limit && chunks + next.chunks <= mostChunks) continue;
    const from = Math.max(fromMs, day.day * dayMs);
    stretches.push({ fromMs: next === undefined ? fromMs : from, toMs: to });
    to = from - 1;
    [readings, chunks] = [0, 0];
  }
  return stretches;
}

interface PoolSeries {
  readonly id: number;
  readonly key: string;
  readonly history_readings: number;
}

/** Series keys fetched at once. */
const keysPageSize = 500;
/** Readings that series which are fetched together have at most, about; a series that has more is fetched alone. */
const readingsTogether = 500_000;
const seriesTogether = 64;

/** Reads all series of a pool, ascending by key; the next ones are fetched while the caller looks at these. */
export async function* readPool(
  db: Database,
  pool: string,
  stretch: Stretch,
): AsyncGenerator<{ series: string; rows: HistoryRows }> {
  const fetch = (group: readonly PoolSeries[]) => {
    const fetched = storedChunks(
      db,
      group.map(({ id }) => id),
      stretch,
    );
    // Should the caller stop before it looks at them, nobody else hears of a failure.
    fetched.catch(() => undefined);
    return { group, fetched };
  };
  let under: ReturnType<typeof fetch> | null = null;
  for await (const group of groupsOf(db, pool, stretch.fromMs)) {
    const ready = under;
    under = fetch(group);
    if (ready !== null) yield* unpacked(ready.group, await ready.fetched, stretch);
  }
  if (under !== null) yield* unpacked(under.group, await under.fetched, stretch);
}

function* unpacked(
  group: readonly PoolSeries[],
  chunks: Awaited<ReturnType<typeof storedChunks>>,
  stretch: Stretch,
): Generator<{ series: string; rows: HistoryRows }> {
  const groups = bySeries(chunks);
  for (const { id, key } of group) {
    const merged = mergeChunks(groups.get(id) ?? []);
    const rows = merged && clipRows(merged, { ...stretch, limit: Number.MAX_SAFE_INTEGER });
    if (rows !== null) yield { series: key, rows };
  }
}

async function* groupsOf(db: Database, pool: string, fromMs: number): AsyncGenerator<PoolSeries[]> {
  let after = '';
  for (;;) {
    const page: PoolSeries[] = await db.query<PoolSeries>(
      `SELECT id, key, history_readings FROM series
        WHERE pool = $1 AND key > $2 AND history_last_ms >= $3 ORDER BY key LIMIT $4`,
      [pool, after, fromMs, keysPageSize],
    );
    let group: PoolSeries[] = [];
    let readings = 0;
    for (const one of page) {
      const full = group.length >= seriesTogether || readings + one.history_readings > readingsTogether;
      if (group.length > 0 && full) {
        yield group;
        [group, readings] = [[], 0];
      }
      group.push(one);
      readings += one.history_readings;
    }
    if (group.length > 0) yield group;
    const last = page.at(-1);
    if (last === undefined || page.length < keysPageSize) return;
    after = last.key;
  }
}
