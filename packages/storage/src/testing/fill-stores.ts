import type { Verdict } from '@verdict/contracts';
import type { Stores } from '../open-stores.ts';
import type { AnomalyRecord, BatchCommit, PartitionRef } from '../ports/partition-store.ts';
import { sampleBatch } from './sample-batch.ts';

const member = { holder: 'a', address: null, pinnedVersion: null };

/** Claims a partition (for a minute) and commits batches to it, each one event further than the one before. */
export async function partitionWriter(
  stores: Stores,
  pool = 'default/shop',
  partition = '0',
): Promise<{ ref: PartitionRef; commit(change?: Partial<BatchCommit>): Promise<void> }> {
  const claimed = await stores.leases.claim({ group: pool, partition, member, expiryMs: 60_000 });
  if (claimed === null) throw new Error(`partition ${partition} of ${pool} is held by another writer`);
  const ref = { pool, partition, epoch: claimed.epoch, holder: member.holder };
  let checkpoint = (await stores.partitions.load(ref)).checkpoint;
  const commit = async (change: Partial<BatchCommit> = {}) => {
    await stores.partitions.commit(sampleBatch(ref, { checkpoint: ++checkpoint, ...change }));
  };
  return { ref, commit };
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
  const claimed = await stores.leases.claim({ group, partition: '0', member, expiryMs: 60_000 });
  if (claimed === null) throw new Error('the feedback partition is held by another writer');
  const checkpoint = (await stores.feedback.checkpoint(group, '0')) + 1;
  const lease = { group, partition: '0', epoch: claimed.epoch, holder: member.holder };
  await stores.feedback.record({ ...lease, checkpoint, ...eventsAt(checkpoint), undecodable: [] });
  await stores.leases.release(lease);
}
