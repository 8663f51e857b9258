import type { Queries } from '../../database/open-database.ts';
import type { SeriesStatus } from '../../ports/partition-store.ts';

/** Writes the status of series, whose rows are there already. */
export async function writeSeriesStatus(
  queries: Queries,
  partition: string,
  statuses: readonly SeriesStatus[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  if (statuses.length === 0) return;
  await queries.query(
    `UPDATE series
        SET partition = $1, signals = s.signals, state = s.state, readings = s.readings, first_ms = s.first_ms,
            last_ms = s.last_ms, score = s.score, open_anomaly = s.open_anomaly
       FROM unnest($2::bigint[], $3::jsonb[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[],
                   $8::double precision[], $9::text[])
         AS s (id, signals, state, readings, first_ms, last_ms, score, open_anomaly)
      WHERE series.id = s.id`,
    [
      partition,
      statuses.map((status) => ids.get(status.series)),
      statuses.map((status) => JSON.stringify(status.signals)),
      statuses.map((status) => status.state),
      statuses.map((status) => status.readings),
      statuses.map((status) => status.firstMs),
      statuses.map((status) => status.lastMs),
      statuses.map((status) => status.score),
      statuses.map((status) => status.openAnomaly),
    ],
  );
}
