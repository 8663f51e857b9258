import type { Queries } from '../database/open-database.ts';
import type { ComparedFigures, ShadowLife } from '../ports/partition-store.ts';

interface ShadowRow extends Omit<ShadowLife, 'scoreDifference' | 'served' | 'would'> {
  readonly partition: string;
  readonly score_difference: number;
  readonly served_anomalies: number;
  readonly served_alarms: number;
  readonly served_quieted: number;
  readonly would_anomalies: number;
  readonly would_alarms: number;
  readonly would_quieted: number;
}

/** What shadows did on the partitions of a pool, ascending by partition, version and shadow. */
export async function shadowLives(
  queries: Queries,
  pool: string,
): Promise<(ShadowLife & { partition: string })[]> {
  const rows = await queries.query<ShadowRow>(
    `SELECT partition, version, shadow, readings, disagreements, score_difference, served_anomalies, served_alarms,
            served_quieted, would_anomalies, would_alarms, would_quieted, errors, drops, trouble,
            floor(extract(epoch FROM since) * 1000)::bigint AS "sinceMs"
       FROM shadow_figures WHERE pool = $1 ORDER BY length(partition), partition, version, shadow`,
    [pool],
  );
  return rows.map(lifeOf);
}

function lifeOf(row: ShadowRow): ShadowLife & { partition: string } {
  const { partition, version, shadow, readings, disagreements, errors, drops, trouble, sinceMs } = row;
  const served: ComparedFigures = {
    anomalies: row.served_anomalies,
    alarms: row.served_alarms,
    quieted: row.served_quieted,
  };
  const would: ComparedFigures = {
    anomalies: row.would_anomalies,
    alarms: row.would_alarms,
    quieted: row.would_quieted,
  };
  const scoreDifference = row.score_difference;
  const scoring = { readings, disagreements, scoreDifference, served, would };
  return { partition, version, shadow, ...scoring, errors, drops, trouble, sinceMs };
}
