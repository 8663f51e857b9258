import { builtInModel, type DetectionModel, SnapshotError } from '@verdict/detection';
import { type PartitionRef, type PartitionState, type SnapshotRef, UnusableVersion } from '@verdict/storage';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import { emptyMemory, memoryFrom, type PartitionMemory } from '../state/partition-memory.ts';
import {
  type BuiltInSettings,
  decodeSnapshot,
  matchesName,
  type Snapshot,
  UnusableSnapshot,
} from '../state/snapshot-codec.ts';
import { blame } from './blame-version.ts';
import type { DetectorParts } from './partition-run.ts';
import type { VersionTroubles } from './version-troubles.ts';

/** Whose memory it is. */
export interface Restored {
  readonly ref: PartitionRef;
  readonly troubles: VersionTroubles;
  readonly shadows: ShadowWatch;
}

/** Memory to begin with, and how far it goes. */
export interface OpenedMemory {
  readonly memory: PartitionMemory;
  /** Last event whose readings are in it; null = none at all. */
  readonly sequence: number | null;
  readonly snapshot: string | null;
}

/** The newest snapshot that can be used; else the older one; else nothing, and the replay is longer. */
export async function openMemory(
  parts: DetectorParts,
  whose: Restored,
  state: PartitionState,
): Promise<OpenedMemory> {
  const { ref } = whose;
  for (const snapshot of state.snapshots) {
    try {
      const memory = await restore(parts, whose, snapshot);
      return { memory, sequence: snapshot.sequence, snapshot: snapshot.blob };
    } catch (error) {
      if (!(error instanceof UnusableSnapshot || error instanceof SnapshotError)) throw error;
      parts.metrics.snapshotsUnusable.inc();
      parts.logger.error(
        { partition: ref.partition, blob: snapshot.blob, reason: error.message },
        'a snapshot cannot be used; the replay begins earlier',
      );
    }
  }
  if (state.snapshots.length > 0) parts.metrics.rebuilt.inc();
  const { builtIn } = parts.orders();
  const model = await modelOf(parts, whose, { version: state.versions[0]?.version ?? 0, builtIn });
  return {
    memory: emptyMemory(parts.pool, parts.engines.fresh(model), builtIn),
    sequence: null,
    snapshot: null,
  };
}

async function restore(
  parts: DetectorParts,
  whose: Restored,
  { blob, sequence }: SnapshotRef,
): Promise<PartitionMemory> {
  const bytes = await parts.blobs.get(blob);
  if (bytes === null) throw new UnusableSnapshot('it is missing');
  if (!matchesName(blob, bytes))
    throw new UnusableSnapshot('its bytes are not those that it was named after');
  const snapshot = decodeSnapshot(bytes);
  if (snapshot.sequence !== sequence)
    throw new UnusableSnapshot(`it goes to ${snapshot.sequence}, not to ${sequence}`);
  const engine = await parts.engines.restore(snapshot.engine, await modelOf(parts, whose, snapshot.model));
  const memory = memoryFrom(parts.pool, snapshot, engine);
  await restoreShadow(parts, whose, { memory, snapshot });
  return memory;
}

/** Brings back what was scored beside; when it cannot be, the partition goes on without. */
async function restoreShadow(
  parts: DetectorParts,
  { shadows }: Restored,
  { memory, snapshot }: { memory: PartitionMemory; snapshot: Snapshot },
): Promise<void> {
  const { shadow } = snapshot;
  if (shadow === null) return;
  await shadows.begin(memory, shadow.version, async () =>
    parts.engines.restore(shadow.engine, await shadowModel(parts, shadow.version, memory.builtIn)),
  );
}

/** A version to be scored beside another, waited for. Rejects with what is wrong with it. */
export async function shadowModel(
  parts: Pick<DetectorParts, 'models'>,
  version: number,
  builtIn: BuiltInSettings,
): Promise<DetectionModel> {
  return version === 0 ? builtInModel(builtIn) : await parts.models.load(version);
}

/**
 * A version to go on with as before: the built-in one, or a trained one, waited for. For one that is missing or damaged
 * by now the built-in one stands in, or the partition would stand still for ever. Rejects when nobody can tell.
 */
export async function modelOf(
  parts: DetectorParts,
  { ref, troubles }: Restored,
  { version, builtIn }: { version: number; builtIn: BuiltInSettings },
): Promise<DetectionModel> {
  if (version === 0) return builtInModel(builtIn);
  try {
    return await parts.models.load(version);
  } catch (error) {
    if (!(error instanceof UnusableVersion)) throw error;
    if (troubles.isNewLoad(error)) await blame(parts, { ...ref, version, troubles, inReplay: true }, error);
    return builtInModel(builtIn);
  }
}
