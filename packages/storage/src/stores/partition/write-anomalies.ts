import type { Queries } from '../../database/open-database.ts';
import type { AnomalyRecord, PartitionRef } from '../../ports/partition-store.ts';
import { splitPoolKey } from '../pool-key.ts';

/**
 * Writes the changes of anomalies that are newer than what is stored, and an outbox row for each. The version that
 * opened an anomaly stays. The model is the one that the pool serves, or has the pool's name where the pool was
 * never registered.
 */
export async function writeAnomalies(
  queries: Queries,
  ref: PartitionRef,
  records: readonly AnomalyRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const fresh = await newerThanStored(queries, records);
  if (fresh.length === 0) return;
  // A batch may hold several changes of one anomaly: the row takes the last, the outbox tells all.
  const last = [...new Map(fresh.map((record) => [record.id, record])).values()];
  const { namespace, name } = splitPoolKey(ref.pool);
  await queries.query(
    `INSERT INTO anomaly (id, namespace, pool, model, model_version, series, state, start_ms, end_ms, peak_ms,
                          peak_score, signals, patterns, revision, changed_xid)
     SELECT a.id, $1, $2,
            coalesce((SELECT model FROM pool WHERE pool.namespace = $1 AND pool.name = $2), $2),
            a.model_version, a.series, a.state, a.start_ms, a.end_ms, a.peak_ms, a.peak_score, a.signals,
            a.patterns, a.revision, pg_current_xact_id()
       FROM unnest($3::text[], $4::integer[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
                   $10::double precision[], $11::jsonb[], $12::jsonb[], $13::integer[])
         AS a (id, model_version, series, state, start_ms, end_ms, peak_ms, peak_score, signals, patterns, revision)
     ON CONFLICT (id) DO UPDATE
        SET state = excluded.state, start_ms = excluded.start_ms, end_ms = excluded.end_ms,
            peak_ms = excluded.peak_ms, peak_score = excluded.peak_score, signals = excluded.signals,
            patterns = excluded.patterns, revision = excluded.revision, changed_xid = excluded.changed_xid
      WHERE anomaly.revision < excluded.revision`,
    [
      namespace,
      name,
      last.map((record) => record.id),
      last.map((record) => record.modelVersion),
      last.map((record) => record.series),
      last.map((record) => record.state),
      last.map((record) => record.startMs),
      last.map((record) => record.endMs),
      last.map((record) => record.peakMs),
      last.map((record) => record.peakScore),
      last.map((record) => JSON.stringify(record.signals)),
      last.map((record) => JSON.stringify(record.patterns)),
      last.map((record) => record.revision),
    ],
  );
  await queries.query(
    `INSERT INTO outbox (pool, partition, anomaly_id, revision, kind)
     SELECT $1, $2, anomaly_id, revision, kind FROM unnest($3::text[], $4::integer[], $5::text[]) WITH ORDINALITY
         AS o (anomaly_id, revision, kind, place) ORDER BY place
     ON CONFLICT (anomaly_id, revision) DO NOTHING`,
    [
      ref.pool,
      ref.partition,
      fresh.map((record) => record.id),
      fresh.map((record) => record.revision),
      fresh.map((record) => record.kind),
    ],
  );
}

/** Records above the stored revision, ascending per anomaly. Only the lease holder writes revisions: no race. */
async function newerThanStored(
  queries: Queries,
  records: readonly AnomalyRecord[],
): Promise<AnomalyRecord[]> {
  const rows = await queries.query<{ id: string; revision: number }>(
    'SELECT id, revision FROM anomaly WHERE id = ANY($1)',
    [[...new Set(records.map((record) => record.id))]],
  );
  const stored = new Map(rows.map((row) => [row.id, row.revision]));
  return records
    .filter((record) => record.revision > (stored.get(record.id) ?? 0))
    .sort((a, b) => (a.id === b.id ? a.revision - b.revision : 0));
}
