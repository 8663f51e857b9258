import type { Queries } from '../../database/open-database.ts';
import type { BatchCommit } from '../../ports/partition-store.ts';
import { assertEpoch } from './assert-epoch.ts';

/**
 * The first step of a commit: checks the epoch, then moves the checkpoint, counts the readings and notes a new
 * version, overlay or shadow from the first event of this batch on. Resolves with whether the checkpoint moved: where it
 * did not, everything that can be counted was counted before.
 */
export async function moveCheckpoint(queries: Queries, batch: BatchCommit): Promise<boolean> {
  const { ref, hub, counted } = batch;
  const before = await assertEpoch(queries, { ...ref, group: ref.pool });
  if (batch.checkpoint < before.checkpoint)
    throw new RangeError(
      `the checkpoint of ${ref.pool}/${ref.partition} cannot go back from ${before.checkpoint} to ${batch.checkpoint}`,
    );
  const moved = batch.checkpoint > before.checkpoint;
  await queries.query(
    `UPDATE lease
        SET checkpoint = $3, attempts = CASE WHEN $3 > checkpoint THEN 0 ELSE attempts END,
            hub_identity = coalesce(hub_identity, $4), hub_partitions = coalesce(hub_partitions, $5),
            version = $6, overlay = $7, readings = readings + $8, duplicates = duplicates + $9, shadow = $10
      WHERE grp = $1 AND partition = $2`,
    [
      ref.pool,
      ref.partition,
      batch.checkpoint,
      hub.identity,
      hub.partitionCount,
      batch.version,
      batch.overlay,
      moved ? counted.readings : 0,
      moved ? counted.duplicates : 0,
      batch.shadow,
    ],
  );
  const { version, overlay, shadow } = batch;
  if (version === before.version && overlay === before.overlay && shadow === before.shadow) return moved;
  await queries.query(
    `INSERT INTO version_span (pool, partition, from_sequence, version, overlay, shadow) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (pool, partition, from_sequence)
     DO UPDATE SET version = excluded.version, overlay = excluded.overlay, shadow = excluded.shadow`,
    [ref.pool, ref.partition, before.checkpoint + 1, version, overlay, shadow],
  );
  return moved;
}
