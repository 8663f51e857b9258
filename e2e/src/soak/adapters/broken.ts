import type { BatchCommit, BlobStore, ChangeFeed, PartitionStore, PlanStore } from '@verdict/storage';
import { EpochLost } from '@verdict/streams';
import { link } from './link.ts';

/** Snapshots of state lie there. */
const snapshots = 'state/';
/** Time in which a process may be killed between a checkpoint and its results. */
const gapMs = 300;

/** A store of partitions with the fault that was asked for. */
export function brokenPartitions(store: PartitionStore, plans: PlanStore): PartitionStore {
  if (link.broken === 'commit-before-write') return { ...store, commit: commitFirst(store) };
  if (link.broken === 'no-epoch-check') return { ...store, commit: commitOfAnybody(store, plans) };
  if (link.broken === 'lost-outbox-row') return { ...store, outbox: forgetful(store) };
  return store;
}

/** The checkpoint is moved in a transaction of its own, before the results are written. */
function commitFirst(store: PartitionStore): PartitionStore['commit'] {
  return async (batch) => {
    const nothing = { history: [], anomalies: [], deadLetters: [], series: [], snapshot: null };
    await store.commit({ ...batch, ...nothing });
    if (batch.anomalies.length > 0) {
      await link.hold();
      await new Promise((resolve) => setTimeout(resolve, gapMs));
    }
    return store.commit(batch);
  };
}

/** Whoever comes may write: a zombie's results go to where its successor is. */
function commitOfAnybody(store: PartitionStore, plans: PlanStore): PartitionStore['commit'] {
  return async (batch) => {
    try {
      return await store.commit(batch);
    } catch (error) {
      if (!(error instanceof EpochLost)) throw error;
      return store.commit(await inTheNameOfTheHolder(batch, plans));
    }
  };
}

async function inTheNameOfTheHolder(batch: BatchCommit, plans: PlanStore): Promise<BatchCommit> {
  const { partitions } = await plans.poolState(batch.ref.pool);
  const now = partitions.find(({ partition }) => partition === batch.ref.partition);
  if (now?.holder === undefined || now.holder === null) throw new EpochLost('nobody holds the partition');
  return {
    ...batch,
    ref: { ...batch.ref, epoch: now.epoch, holder: now.holder },
    checkpoint: Math.max(batch.checkpoint, now.checkpoint + 1),
    // Of the zombie's own past: nobody could go on from it.
    snapshot: null,
  };
}

/** Rows that say that an anomaly is over are taken from the outbox without being told. */
function forgetful(store: PartitionStore): PartitionStore['outbox'] {
  return async (...args) => {
    const entries = await store.outbox(...args);
    const lost = entries.filter(({ kind, anomalyId }) => kind === 'closed' && anomalyId < '4');
    await store.told(lost.map(({ id }) => id));
    return entries.filter((entry) => !lost.includes(entry));
  };
}

/** Blobs with the fault that was asked for; a snapshot that is missing is told to the soak. */
export function brokenBlobs(blobs: BlobStore): BlobStore {
  return {
    ...blobs,
    put: async (name, bytes) => {
      if (link.broken !== 'skipped-snapshot' || !name.startsWith(snapshots)) await blobs.put(name, bytes);
    },
    get: async (name) => {
      const bytes = await blobs.get(name);
      if (bytes === null && name.startsWith(snapshots)) link.tell({ kind: 'missing-blob', name });
      return bytes;
    },
  };
}

/** A change feed that says everything twice, when that was asked for. */
export function brokenChanges(changes: ChangeFeed): ChangeFeed {
  if (link.broken !== 'double-send') return changes;
  return {
    listen: (onChange, onGap) =>
      changes.listen((change) => {
        onChange(change);
        // When the first one was told, or the two would be folded into one.
        setTimeout(() => onChange(change), 2500).unref();
      }, onGap),
  };
}
