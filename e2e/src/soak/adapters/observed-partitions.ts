import type { PartitionStore } from '@verdict/storage';
import { EpochLost } from '@verdict/streams';
import { link } from './link.ts';

/** Tells the soak what is loaded and committed, and waits before a commit where it says so. */
export function observedPartitions(store: PartitionStore): PartitionStore {
  const checkpoints = new Map<string, number>();
  return {
    ...store,
    async load(ref) {
      const state = await store.load(ref);
      const { partition, epoch } = ref;
      const { checkpoint, versions } = state;
      checkpoints.set(partition, checkpoint);
      link.tell({ kind: 'loaded', partition, epoch, checkpoint, versions, atMs: Date.now() });
      return state;
    },
    async commit(batch) {
      const { ref, checkpoint, version, overlay, shadow } = batch;
      // The fault waits by itself, where it does harm.
      if (batch.anomalies.length > 0 && link.broken !== 'commit-before-write') await link.hold();
      const answer = await store.commit(batch).catch((error: unknown) => {
        if (error instanceof EpochLost) link.tell({ kind: 'refused' });
        throw error;
      });
      const before = checkpoints.get(ref.partition) ?? -1;
      checkpoints.set(ref.partition, checkpoint);
      const { partition, epoch } = ref;
      link.tell({
        kind: 'committed',
        ...{ partition, epoch, before, checkpoint, version, overlay, shadow },
        atMs: Date.now(),
      });
      return answer;
    },
  };
}
