import { EpochLost } from '@verdict/streams';
import type { Queries } from '../../database/open-database.ts';

/** What of a lease row a writer needs to know before its own change. */
export interface LeaseBefore {
  readonly checkpoint: number;
  readonly version: number | null;
  readonly overlay: number | null;
  readonly shadow: number | null;
}

/**
 * Locks the lease row and checks that it still belongs to this holder with this epoch. The lock is kept to the
 * end of the transaction: who claims the partition meanwhile waits, so nothing of an older epoch can be
 * committed after the claim. An expired lease that nobody has claimed is still good. Throws `EpochLost`.
 */
export async function assertEpoch(
  queries: Queries,
  lease: { group: string; partition: string; epoch: number; holder: string },
): Promise<LeaseBefore> {
  const [row] = await queries.query<LeaseBefore>(
    `SELECT checkpoint, version, overlay, shadow FROM lease
      WHERE grp = $1 AND partition = $2 AND epoch = $3 AND holder = $4 FOR UPDATE`,
    [lease.group, lease.partition, lease.epoch, lease.holder],
  );
  if (row === undefined)
    throw new EpochLost(
      `partition ${lease.partition} of ${lease.group} is no longer held by ${lease.holder} with epoch ${lease.epoch}`,
    );
  return row;
}
