import type { Queries } from '../database/open-database.ts';
import { decodeRows } from './chunk-codec.ts';
import { dayStart } from './history-days.ts';

/**
 * Which of these readings are stored already; answers in the same order. Only chunks of the readings' own days
 * that may span their times are read.
 */
export async function existsInHistory(
  queries: Queries,
  pool: string,
  readings: readonly { series: string; timeMs: number }[],
): Promise<boolean[]> {
  if (readings.length === 0) return [];
  const chunks = await queries.query<{ key: string; payload: Buffer }>(
    `WITH asked AS (
       SELECT series.id, r.key, r.time_ms, r.day_ms
         FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS r (key, time_ms, day_ms)
         JOIN series ON series.pool = $1 AND series.key = r.key
     )
     SELECT * FROM (
       SELECT DISTINCT ON (h.series_id, h.first_ms, h.last_ms) key, h.payload
         FROM asked JOIN history h ON h.series_id = asked.id
              AND h.first_ms >= day_ms AND h.first_ms <= time_ms AND h.last_ms >= time_ms
     ) fresh
     UNION ALL
     SELECT * FROM (
       SELECT DISTINCT ON (h.series_id, h.first_ms) key, h.payload
         FROM asked JOIN history_day h ON h.series_id = asked.id
              AND h.first_ms >= day_ms AND h.first_ms <= time_ms
     ) compacted`,
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
