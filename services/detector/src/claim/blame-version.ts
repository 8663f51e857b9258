import { DatabaseUnavailable } from '@verdict/storage';
import { EpochLost, OwnershipLost, StreamUnavailable } from '@verdict/streams';
import { HubChanged } from './hub-check.ts';
import type { DetectorParts } from './partition-run.ts';
import type { VersionTroubles } from './version-troubles.ts';

type BlamingParts = Pick<DetectorParts, 'store' | 'pool' | 'logger' | 'metrics'>;

/** Which version does some work, and where. */
export interface Blamed {
  readonly partition: string;
  readonly version: number;
  readonly troubles: VersionTroubles;
  readonly inReplay?: boolean;
}

/** Does a version's work (a swap to it, scoring with it). When it throws, that is counted against the version. */
export async function blameVersion<T>(
  parts: BlamingParts,
  blamed: Blamed,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isNoFaultOfTheVersion(error)) await blame(parts, blamed, error);
    throw error;
  }
}

/** Holds a failure against a version: it is counted, and the version is not tried again for some time. */
export async function blame(
  { store, pool, logger, metrics }: BlamingParts,
  { partition, version, troubles, inReplay }: Blamed,
  error: unknown,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  troubles.note(version, `version ${version} fails: ${reason}`, inReplay);
  metrics.versionFailures.inc({ version });
  try {
    await store.failed(pool, partition, version);
  } catch (cause) {
    // What matters is the failure itself, which the caller sees.
    logger.warn({ err: cause, partition, version }, 'a failure of a model version could not be counted');
  }
}

function isNoFaultOfTheVersion(error: unknown): boolean {
  return [DatabaseUnavailable, StreamUnavailable, EpochLost, OwnershipLost, HubChanged].some(
    (kind) => error instanceof kind,
  );
}
