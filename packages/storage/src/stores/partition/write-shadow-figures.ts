import type { Queries } from '../../database/open-database.ts';
import type { BatchCommit, PartitionRef, ShadowScoring } from '../../ports/partition-store.ts';

/** Adds what a shadow did beside the version that served, and the shadows that were let go, to their lives on the partition. */
export async function writeShadowFigures(
  queries: Queries,
  ref: PartitionRef,
  batch: Pick<BatchCommit, 'version' | 'shadow' | 'comparison' | 'shadowTroubles'>,
): Promise<void> {
  const { version, shadow, comparison, shadowTroubles } = batch;
  if (shadow !== null && comparison !== null && comparison.readings > 0)
    await addScoring(queries, [ref.pool, ref.partition, version, shadow], comparison);
  for (const trouble of shadowTroubles)
    await queries.query(
      `INSERT INTO shadow_figures AS life (pool, partition, version, shadow, errors, drops, trouble)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (pool, partition, version, shadow) DO UPDATE
          SET errors = life.errors + excluded.errors, drops = life.drops + excluded.drops,
              trouble = excluded.trouble, seen = excluded.seen`,
      [
        ref.pool,
        ref.partition,
        version,
        trouble.shadow,
        trouble.kind === 'error' ? 1 : 0,
        trouble.kind === 'budget' ? 1 : 0,
        trouble.reason,
      ],
    );
}

async function addScoring(
  queries: Queries,
  pair: readonly [pool: string, partition: string, version: number, shadow: number],
  { readings, disagreements, scoreDifference, served, would }: ShadowScoring,
): Promise<void> {
  await queries.query(
    `INSERT INTO shadow_figures AS life (pool, partition, version, shadow, readings, disagreements, score_difference,
                                         served_anomalies, served_alarms, served_quieted,
                                         would_anomalies, would_alarms, would_quieted)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (pool, partition, version, shadow) DO UPDATE
        SET readings = life.readings + excluded.readings,
            disagreements = life.disagreements + excluded.disagreements,
            score_difference = life.score_difference + excluded.score_difference,
            served_anomalies = life.served_anomalies + excluded.served_anomalies,
            served_alarms = life.served_alarms + excluded.served_alarms,
            served_quieted = life.served_quieted + excluded.served_quieted,
            would_anomalies = life.would_anomalies + excluded.would_anomalies,
            would_alarms = life.would_alarms + excluded.would_alarms,
            would_quieted = life.would_quieted + excluded.would_quieted,
            since = CASE WHEN life.readings = 0 THEN excluded.since ELSE life.since END, seen = excluded.seen`,
    [
      ...pair,
      readings,
      disagreements,
      scoreDifference,
      served.anomalies,
      served.alarms,
      served.quieted,
      would.anomalies,
      would.alarms,
      would.quieted,
    ],
  );
}
