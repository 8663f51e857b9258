import { AnomalyModelSpec, DetectorPoolSpec, type Verdict } from '@verdict/contracts';
import type { Stores } from '../open-stores.ts';
import type { AnomalyRecord, BatchCommit, PartitionRef } from '../ports/partition-store.ts';
import { sampleBatch } from './sample-batch.ts';

/** Nobody renews what is claimed here. */
const expiryMs = 86_400_000;

/** Writes what the detector that holds a partition would. */
export interface PartitionWriter {
  readonly ref: PartitionRef;
  /** Commits a batch that is one event further than the one before. */
  commit(change?: Partial<BatchCommit>): Promise<void>;
}

/** Claims a partition as a detector at `address` does, and goes on where its checkpoint is. */
async function claimForWriting(
  stores: Stores,
  place: { pool: string; partition: string },
  address: string | null,
): Promise<PartitionWriter> {
  const { pool, partition } = place;
  const member = { holder: 'detector-1', address, pinnedVersion: null };
  const claimed = await stores.leases.claim({ group: pool, partition, member, expiryMs });
  if (claimed === null) throw new Error(`partition ${partition} of ${pool} is held by another writer`);
  const ref = { pool, partition, epoch: claimed.epoch, holder: member.holder };
  let { checkpoint } = await stores.partitions.load(ref);
  const commit = async (change: Partial<BatchCommit> = {}) => {
    await stores.partitions.commit(sampleBatch(ref, { checkpoint: ++checkpoint, ...change }));
  };
  return { ref, commit };
}

/** Claims a partition, of a pool that need not be declared, and commits batches to it. */
export async function partitionWriter(
  stores: Stores,
  pool = 'default/shop',
  partition = '0',
): Promise<PartitionWriter> {
  return claimForWriting(stores, { pool, partition }, null);
}

/**
 * Declares the model `shop`, which serves the series `shop/**`, with its pool; claims the pool's partition `0` for a
 * detector at `address` (null = it is at none) and commits batches to it.
 */
export async function shopWriter(stores: Stores, address: string | null = null): Promise<PartitionWriter> {
  const [namespace, name] = ['default', 'shop'];
  const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
  await stores.registry.putModel({ namespace, name, spec });
  const poolSpec = DetectorPoolSpec.parse({ model: name, consumerGroup: name });
  await stores.plans.putPool({ namespace, name, spec: poolSpec });
  return claimForWriting(stores, { pool: `${namespace}/${name}`, partition: '0' }, address);
}

/** Commits anomalies to one pool's partition `0`, call by call in a batch. */
export async function anomalyWriter(
  stores: Stores,
  pool?: string,
): Promise<(...anomalies: AnomalyRecord[]) => Promise<void>> {
  const { commit } = await partitionWriter(stores, pool);
  return (...anomalies) => commit({ anomalies });
}

/** Records one verdict, as if the feedback hub had brought it. */
export async function judge(
  stores: Stores,
  anomalyId: string,
  person: string,
  verdict: Verdict,
): Promise<void> {
  await recordFeedback(stores, (sequence) => ({
    missed: [],
    events: [
      {
        sequence,
        event: {
          version: 1,
          feedbackId: crypto.randomUUID(),
          anomalyId,
          verdict,
          person,
          at: 1_000 + sequence,
        },
      },
    ],
  }));
}

type Recorded = Pick<Parameters<Stores['feedback']['record']>[0], 'events' | 'missed'>;

/** Records what `eventsAt` gives for the next sequence number of the feedback hub's partition `0`. */
export async function recordFeedback(
  stores: Stores,
  eventsAt: (sequence: number) => Recorded,
): Promise<void> {
  const group = 'feedback';
  const member = { holder: 'retrainer-1', address: null, pinnedVersion: null };
  const claimed = await stores.leases.claim({ group, partition: '0', member, expiryMs });
  if (claimed === null) throw new Error('the feedback partition is held by another writer');
  const checkpoint = (await stores.feedback.checkpoint(group, '0')) + 1;
  const lease = { group, partition: '0', epoch: claimed.epoch, holder: member.holder };
  await stores.feedback.record({ ...lease, checkpoint, ...eventsAt(checkpoint), undecodable: [] });
  await stores.leases.release(lease);
}
