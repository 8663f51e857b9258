import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import type { AnomalyRecord, BatchCommit, PartitionRef, Stores } from '@verdict/storage';
import { sampleAnomaly, sampleBatch } from '@verdict/storage/testing';

/** A pool whose partition a test holds as a detector would. */
export interface CommittedPool {
  readonly ref: PartitionRef;
  /** Commits one more batch. */
  commit(change: Partial<BatchCommit>): Promise<void>;
  /** Commits a revision of an anomaly. */
  commitAnomaly(change: Partial<AnomalyRecord>): Promise<AnomalyRecord>;
}

/** Declares the model `shop` with its pool and claims partition 0 for a detector at `address`. */
export async function commitPool(stores: Stores, address: string | null): Promise<CommittedPool> {
  const namespace = 'default';
  const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
  await stores.registry.putModel({ namespace, name: 'shop', spec });
  await stores.plans.putPool({
    namespace,
    name: 'shop',
    spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }),
  });
  const pool = 'default/shop';
  const member = { holder: 'detector-1', address, pinnedVersion: null };
  const claimed = await stores.leases.claim({ group: pool, partition: '0', member, expiryMs: 600_000 });
  if (claimed === null) throw new Error('the partition is held by somebody else');
  const ref = { pool, partition: '0', epoch: claimed.epoch, holder: member.holder };
  let checkpoint = 0;
  const commit = async (change: Partial<BatchCommit>): Promise<void> => {
    await stores.partitions.commit(sampleBatch(ref, { checkpoint: checkpoint++, ...change }));
  };
  return {
    ref,
    commit,
    commitAnomaly: async (change) => {
      const anomaly = sampleAnomaly(change);
      await commit({ anomalies: [anomaly] });
      return anomaly;
    },
  };
}
