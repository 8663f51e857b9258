import type { AnomalyRecord, Stores } from '@verdict/storage';
import { type PartitionWriter, sampleAnomaly, shopWriter } from '@verdict/storage/testing';

/** A pool whose partition a test holds as a detector would. */
export interface CommittedPool extends PartitionWriter {
  /** Commits a revision of an anomaly. */
  commitAnomaly(change: Partial<AnomalyRecord>): Promise<AnomalyRecord>;
}

/** Declares the model `shop` with its pool and claims partition 0 for a detector at `address`. */
export async function commitPool(stores: Stores, address: string | null): Promise<CommittedPool> {
  const writer = await shopWriter(stores, address);
  return {
    ...writer,
    commitAnomaly: async (change) => {
      const anomaly = sampleAnomaly(change);
      await writer.commit({ anomalies: [anomaly] });
      return anomaly;
    },
  };
}
