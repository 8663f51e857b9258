import { builtInModel, type DetectionModel, SnapshotError } from '@verdict/detection';
import type { PartitionRef, PartitionState, SnapshotRef } from '@verdict/storage';
import { emptyMemory, memoryFrom, type PartitionMemory } from '../state/partition-memory.ts';
import {
  type BuiltInSettings,
  decodeSnapshot,
  matchesName,
  UnusableSnapshot,
} from '../state/snapshot-codec.ts';
import type { DetectorParts } from './partition-run.ts';

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
  ref: PartitionRef,
  state: PartitionState,
): Promise<OpenedMemory> {
  for (const snapshot of state.snapshots) {
    try {
      const memory = await restore(parts, snapshot);
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
  const model = await modelOf(parts, state.versions[0]?.version ?? 0, builtIn);
  return {
    memory: emptyMemory(parts.pool, parts.engines.fresh(model), builtIn),
    sequence: null,
    snapshot: null,
  };
}

async function restore(parts: DetectorParts, { blob, sequence }: SnapshotRef): Promise<PartitionMemory> {
  const bytes = await parts.blobs.get(blob);
  if (bytes === null) throw new UnusableSnapshot('it is missing');
  if (!matchesName(blob, bytes))
    throw new UnusableSnapshot('its bytes are not those that it was named after');
  const snapshot = decodeSnapshot(bytes);
  if (snapshot.sequence !== sequence)
    throw new UnusableSnapshot(`it goes to ${snapshot.sequence}, not to ${sequence}`);
  const { version, builtIn } = snapshot.model;
  const engine = await parts.engines.restore(snapshot.engine, await modelOf(parts, version, builtIn));
  return memoryFrom(parts.pool, snapshot, engine);
}

/** A version to score with: the built-in one, or a trained one, waited for. Rejects when it cannot be loaded. */
export async function modelOf(
  parts: Pick<DetectorParts, 'models'>,
  version: number,
  builtIn: BuiltInSettings,
): Promise<DetectionModel> {
  return version === 0 ? builtInModel(builtIn) : parts.models.load(version);
}
