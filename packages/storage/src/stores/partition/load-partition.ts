import type { Queries } from '../../database/open-database.ts';
import type { PartitionRef, PartitionState, SnapshotRef, VersionSpan } from '../../ports/partition-store.ts';
import { assertEpoch } from './assert-epoch.ts';

interface LeaseRow {
  readonly checkpoint: number;
  readonly attempts: number;
  readonly hub_identity: string | null;
  readonly hub_partitions: number | null;
}

/** Reads where a partition stands and counts the attempt, in one transaction. Throws `EpochLost`. */
export async function loadPartition(queries: Queries, ref: PartitionRef): Promise<PartitionState> {
  await assertEpoch(queries, { ...ref, group: ref.pool });
  const [lease] = await queries.query<LeaseRow>(
    `UPDATE lease SET attempts = attempts + 1 WHERE grp = $1 AND partition = $2
     RETURNING checkpoint, attempts, hub_identity, hub_partitions`,
    [ref.pool, ref.partition],
  );
  if (lease === undefined) throw new Error(`the lease of ${ref.pool}/${ref.partition} vanished`);
  const snapshots = await queries.query<SnapshotRef>(
    `SELECT blob, base, sequence FROM snapshot WHERE pool = $1 AND partition = $2
      ORDER BY sequence DESC, taken DESC`,
    [ref.pool, ref.partition],
  );
  const spans = await queries.query<VersionSpan>(
    `SELECT from_sequence AS "fromSequence", version, overlay, shadow FROM version_span
      WHERE pool = $1 AND partition = $2 ORDER BY from_sequence`,
    [ref.pool, ref.partition],
  );
  return {
    checkpoint: lease.checkpoint,
    snapshots,
    versions: spansFrom(spans, snapshots.at(-1)?.sequence),
    hub:
      lease.hub_identity === null || lease.hub_partitions === null
        ? null
        : { identity: lease.hub_identity, partitionCount: lease.hub_partitions },
    attempts: lease.attempts,
  };
}

/** The spans that events behind a snapshot fall into; all of them without one. */
function spansFrom(spans: readonly VersionSpan[], sequence: number | undefined): VersionSpan[] {
  if (sequence === undefined) return [...spans];
  const first = spans.findLastIndex((span) => span.fromSequence <= sequence + 1);
  return spans.slice(Math.max(0, first));
}
