import type { Database, Queries } from '../../database/open-database.ts';
import { existsInHistory } from '../../history/exists-in-history.ts';
import { type HistoryDays, historyDays } from '../../history/history-days.ts';
import { type SeriesIds, seriesIds } from '../../history/series-ids.ts';
import type { BatchCommit, OutboxEntry, PartitionStore } from '../../ports/partition-store.ts';
import { loadPartition } from './load-partition.ts';
import { moveCheckpoint } from './move-checkpoint.ts';
import { writeAnomalies } from './write-anomalies.ts';
import { writeDeadLetters } from './write-dead-letters.ts';
import { countFailure, writeFigures } from './write-figures.ts';
import { type PackedChunk, packHistory, writeHistory } from './write-history.ts';
import { writeSeriesStatus } from './write-series-status.ts';
import { writeShadowFigures } from './write-shadow-figures.ts';
import { writeSnapshot } from './write-snapshot.ts';

/** What detectors do, on PostgreSQL. A commit is one transaction that begins with the check of the epoch. */
export function postgresPartitionStore(db: Database): PartitionStore {
  const ids = seriesIds();
  const days = historyDays(db, 'history');
  return {
    load: (ref) => db.transaction((queries) => loadPartition(queries, ref)),
    commit: (batch) => commit(batch, { db, ids, days }),
    failed: (pool, partition, version) => countFailure(db, { pool, partition, version }),
    newestHistory: async (pool, partition) => {
      const rows = await db.query<{ key: string; history_last_ms: number }>(
        `SELECT key, history_last_ms FROM series
          WHERE pool = $1 AND partition = $2 AND history_last_ms IS NOT NULL`,
        [pool, partition],
      );
      return new Map(rows.map((row) => [row.key, row.history_last_ms]));
    },
    existsInHistory: (pool, readings) => existsInHistory(db, pool, readings),
    outbox: (pool, partition, limit) => outbox(db, pool, partition, limit),
    told: async (entries) => {
      if (entries.length > 0)
        await db.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [entries.map(String)]);
    },
  };
}

interface CommitParts {
  readonly db: Database;
  readonly ids: SeriesIds;
  readonly days: HistoryDays;
}

async function commit(batch: BatchCommit, parts: CommitParts): Promise<{ obsoleteSnapshots: string[] }> {
  const chunks = packHistory(batch.history);
  const write = async () => {
    await parts.days.ensure(chunks.map((chunk) => chunk.firstMs));
    return parts.db.transaction((queries) => writeBatch(queries, { batch, chunks, ids: parts.ids }));
  };
  const written = await write().catch((error: unknown) => {
    if (!isMissingDay(error)) throw error;
    // Retention dropped a day that was remembered as there.
    parts.days.forget();
    return write();
  });
  parts.ids.remember(batch.ref.pool, written.ids);
  return { obsoleteSnapshots: written.obsoleteSnapshots };
}

async function writeBatch(
  queries: Queries,
  work: { batch: BatchCommit; chunks: readonly PackedChunk[]; ids: SeriesIds },
): Promise<{ obsoleteSnapshots: string[]; ids: ReadonlyMap<string, number> }> {
  const { batch, chunks } = work;
  const { ref } = batch;
  const moved = await moveCheckpoint(queries, batch);
  const keys = [...batch.history.map((part) => part.series), ...batch.series.map((status) => status.series)];
  const ids = await work.ids.ensure(queries, { pool: ref.pool, partition: ref.partition, keys });
  await writeHistory(queries, chunks, ids);
  await writeAnomalies(queries, ref, batch.anomalies);
  if (moved) {
    await writeFigures(queries, ref, batch);
    await writeShadowFigures(queries, ref, batch);
  }
  await writeDeadLetters(queries, { group: ref.pool, partition: ref.partition }, batch.deadLetters);
  await writeSeriesStatus(queries, ref.partition, batch.series, ids);
  return { obsoleteSnapshots: await writeSnapshot(queries, ref, batch.snapshot), ids };
}

/** SQLSTATE 23514 from the partitioned table itself: there is no table for this day. */
function isMissingDay(error: unknown): boolean {
  const { code, table, constraint } = error as { code?: string; table?: string; constraint?: string };
  return code === '23514' && table === 'history' && constraint === undefined;
}

async function outbox(db: Database, pool: string, partition: string, limit: number): Promise<OutboxEntry[]> {
  const rows = await db.query<{
    id: string;
    anomaly_id: string;
    revision: number;
    kind: OutboxEntry['kind'];
  }>(
    `SELECT id::text, anomaly_id, revision, kind FROM outbox
      WHERE pool = $1 AND partition = $2 ORDER BY outbox.id LIMIT $3`,
    [pool, partition, limit],
  );
  return rows.map((row) => ({
    id: BigInt(row.id),
    anomalyId: row.anomaly_id,
    revision: row.revision,
    kind: row.kind,
  }));
}
