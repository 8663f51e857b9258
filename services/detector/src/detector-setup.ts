import type { OverlayStore, PlanStore, RegistryStore } from '@verdict/storage';
import type { LeaseStore } from '@verdict/streams';
import type { NotifierParts } from './claim/notifier.ts';
import type { DetectorParts } from './claim/partition-run.ts';
import type { ModelSource } from './model/load-model.ts';

/** What a detector is made of: who it is, and the adapters that it works with. */
export interface DetectorSetup
  extends Pick<
    DetectorParts,
    'source' | 'store' | 'blobs' | 'engines' | 'metrics' | 'limits' | 'clock' | 'logger' | 'tracing'
  > {
  readonly notify: NotifierParts['notify'];
  readonly namespace: string;
  /** Name of the pool, without its namespace. */
  readonly pool: string;
  readonly holder: string;
  /** Serve only what is planned for this version (or falls back to it); null = everything, swapping in place. */
  readonly pinnedVersion: number | null;
  readonly plans: Pick<PlanStore, 'plan' | 'pools'>;
  readonly registry: Pick<RegistryStore, 'models'>;
  readonly overlays: Pick<OverlayStore, 'head' | 'entries' | 'causeOf'>;
  readonly leases: LeaseStore;
  readonly openNetwork: ModelSource['openNetwork'];
  /** Who has to have signed a version; null: nobody. */
  readonly trusted: ModelSource['trusted'];
}

/** Key of the pool: lease group and owner of everything that is stored. */
export function poolKey({ namespace, pool }: Pick<DetectorSetup, 'namespace' | 'pool'>): string {
  return `${namespace}/${pool}`;
}
