import {
  type BlobStore,
  BlobStoreUnavailable,
  type Database,
  DatabaseUnavailable,
  openDatabase,
  openBlobs as openRealBlobs,
  openStores as openRealStores,
  type Stores,
} from '@verdict/storage';
import { brokenBlobs, brokenChanges, brokenPartitions } from './broken.ts';
import { failing } from './failing.ts';
import { link } from './link.ts';
import { observedPartitions } from './observed-partitions.ts';

export * from '@verdict/storage';

/** As the real ones; calls fail where the soak says so, and commits are told to it. */
export function openStores(database: Database): Stores {
  const stores = openRealStores(database);
  const awaited = Object.fromEntries(
    Object.entries(stores).map(([name, store]) => [
      name,
      // A listener lives on; it has no calls that could fail one by one.
      name === 'changes' ? store : failing(store, 'database', DatabaseUnavailable),
    ]),
  ) as unknown as Stores;
  return {
    ...awaited,
    partitions: observedPartitions(brokenPartitions(awaited.partitions, awaited.plans)),
    changes: brokenChanges(stores.changes),
    ...(link.overlaysUrl === undefined ? {} : { overlays: followedOverlays(link.overlaysUrl) }),
  };
}

/** The false-alarm memories of another database, up to the one that may be seen now. */
function followedOverlays(url: string): Stores['overlays'] {
  const { overlays } = openRealStores(openDatabase({ url, applicationName: 'soak-overlays', poolSize: 1 }));
  return {
    entries: (pool, number) => overlays.entries(pool, number),
    head: async (pool) => Math.min(await overlays.head(pool), link.mostOverlay),
    ofAnomaly: (pool, anomalyId) => overlays.ofAnomaly(pool, anomalyId),
    causeOf: (pool, number) => overlays.causeOf(pool, number),
    amend: () => Promise.reject(new Error('these memories are followed, not changed')),
  };
}

/** As the real one; calls fail where the soak says so. */
export async function openBlobs(...args: Parameters<typeof openRealBlobs>): Promise<BlobStore> {
  return brokenBlobs(failing(await openRealBlobs(...args), 'blobs', BlobStoreUnavailable));
}
