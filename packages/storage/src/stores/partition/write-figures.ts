import type { Queries } from '../../database/open-database.ts';
import type { BatchCommit, PartitionRef, ScoringFigures } from '../../ports/partition-store.ts';

/**
 * Adds what the version did in a batch to its life on the partition, in one statement; bins are added one by one, and
 * where one side has more of them (none, before the version had a reference) the others count as zero.
 */
export async function writeFigures(
  queries: Queries,
  ref: PartitionRef,
  { version, figures }: Pick<BatchCommit, 'version' | 'figures'>,
): Promise<void> {
  if (!counts(figures)) return;
  await queries.query(
    `INSERT INTO version_figures AS life (pool, partition, version, readings, anomalies, alarms, quieted, p_values,
                                          inputs, log_residual_sum, log_residuals)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (pool, partition, version) DO UPDATE
        SET readings = life.readings + excluded.readings, anomalies = life.anomalies + excluded.anomalies,
            alarms = life.alarms + excluded.alarms, quieted = life.quieted + excluded.quieted,
            p_values = ${sumOf('p_values')}, inputs = ${sumOf('inputs')},
            log_residual_sum = life.log_residual_sum + excluded.log_residual_sum,
            log_residuals = life.log_residuals + excluded.log_residuals,
            since = CASE WHEN life.readings = 0 THEN excluded.since ELSE life.since END, seen = excluded.seen`,
    [
      ref.pool,
      ref.partition,
      version,
      figures.readings,
      figures.anomalies,
      figures.alarms,
      figures.quieted,
      figures.pValues,
      figures.inputs,
      figures.logResiduals.sum,
      figures.logResiduals.count,
    ],
  );
}

/** Counts a failure of a version, also of one that has committed nothing. */
export async function countFailure(
  queries: Queries,
  which: { pool: string; partition: string; version: number },
): Promise<void> {
  await queries.query(
    `INSERT INTO version_figures AS life (pool, partition, version, errors) VALUES ($1, $2, $3, 1)
     ON CONFLICT (pool, partition, version) DO UPDATE SET errors = life.errors + 1, seen = excluded.seen`,
    [which.pool, which.partition, which.version],
  );
}

/** An array's sum bin by bin; `unnest` fills the shorter one up with NULL. */
function sumOf(column: 'p_values' | 'inputs'): string {
  return `CASE WHEN excluded.${column} = '{}' THEN life.${column} ELSE ARRAY(
              SELECT coalesce(bin.a, 0) + coalesce(bin.b, 0)
                FROM unnest(life.${column}, excluded.${column}) WITH ORDINALITY AS bin (a, b, place)
               ORDER BY bin.place) END`;
}

function counts(figures: ScoringFigures): boolean {
  return (
    figures.readings > 0 ||
    figures.anomalies > 0 ||
    figures.alarms > 0 ||
    figures.quieted > 0 ||
    figures.logResiduals.count > 0 ||
    figures.pValues.some((count) => count > 0) ||
    figures.inputs.some((count) => count > 0)
  );
}
