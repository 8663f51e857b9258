import type { Queries } from '../../database/open-database.ts';
import type { PartitionRef, SnapshotRef } from '../../ports/partition-store.ts';

/**
 * Notes a snapshot and forgets all but the two newest chains (a whole snapshot, and what follows it), with the version
 * spans that only replays from older ones would follow; resolves with the blobs that are forgotten. Two, so that a
 * damaged whole snapshot costs a longer replay and not the state.
 */
export async function writeSnapshot(
  queries: Queries,
  ref: PartitionRef,
  snapshot: SnapshotRef | null,
): Promise<string[]> {
  if (snapshot === null) return [];
  await queries.query(
    `INSERT INTO snapshot (pool, partition, blob, sequence, base) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (pool, partition, blob) DO NOTHING`,
    [ref.pool, ref.partition, snapshot.blob, snapshot.sequence, snapshot.base],
  );
  // Only a new head makes an older chain superfluous.
  if (snapshot.base !== null) return [];
  const rows = await queries.query<{ blob: string }>(
    `DELETE FROM snapshot
      WHERE pool = $1 AND partition = $2 AND coalesce(base, blob) NOT IN (
        SELECT blob FROM snapshot WHERE pool = $1 AND partition = $2 AND base IS NULL
         ORDER BY sequence DESC, taken DESC LIMIT 2)
      RETURNING blob`,
    [ref.pool, ref.partition],
  );
  if (rows.length > 0)
    await queries.query(
      `DELETE FROM version_span
        WHERE pool = $1 AND partition = $2 AND from_sequence < (
          SELECT max(from_sequence) FROM version_span
           WHERE pool = $1 AND partition = $2 AND from_sequence <= 1 + (
             SELECT min(sequence) FROM snapshot WHERE pool = $1 AND partition = $2))`,
      [ref.pool, ref.partition],
    );
  return rows.map((row) => row.blob);
}
