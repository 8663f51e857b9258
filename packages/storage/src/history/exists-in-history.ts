import type { Queries } from '../database/open-database.ts';
import { decodeRows } from './chunk-codec.ts';
import { dayStart } from './history-days.ts';

/**
 * Which of these readings are stored already; answers in the same order. Only chunks of the readings' own days
 * that span their times are read.
 */
export async function existsInHistory(
  queries: Queries,
  pool: string,
  readings: readonly { series: string; timeMs: number }[],
): Promise<boolean[]> {
  if (readings.length === 0) return [];
  const chunks = await queries.query<{ key: string; payload: Buffer }>(
    `SELECT DISTINCT ON (h.series_id, h.first_ms, h.last_ms) series.key, h.payload
       FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS r (key, time_ms, day_ms)
       JOIN series ON series.pool = $1 AND series.key = r.key
       JOIN history h ON h.series_id = series.id
            AND h.first_ms >= r.day_ms AND h.first_ms <= r.time_ms AND h.last_ms >= r.time_ms`,
    [
      pool,
      readings.map((reading) => reading.series),
      readings.map((reading) => reading.timeMs),
      readings.map((reading) => dayStart(reading.timeMs)),
    ],
  );
  const stored = new Map<string, Set<number>>();
  for (const { key, payload } of chunks) {
    const times = stored.get(key) ?? new Set<number>();
    for (const time of decodeRows(payload).times) times.add(time);
    stored.set(key, times);
  }
  return readings.map((reading) => stored.get(reading.series)?.has(reading.timeMs) === true);
}
