import { builtInModel, type DetectionModel, SnapshotError } from '@verdict/detection';
import { type PartitionRef, type PartitionState, type SnapshotRef, UnusableVersion } from '@verdict/storage';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import { emptyMemory, memoryFrom, type PartitionMemory } from '../state/partition-memory.ts';
import { type ChainedState, joinChain } from '../state/snapshot-chain.ts';
import type { BuiltInSettings } from '../state/snapshot-codec.ts';
import { UnusableSnapshot } from '../state/unusable-snapshot.ts';
import { atTurn } from './at-turn.ts';
import { blame } from './blame-version.ts';
import type { DetectorParts } from './partition-run.ts';
import {
  chainOf,
  chainsOf,
  newestOf,
  type ReadChain,
  readChain,
  snapshotsOf,
  withoutNewest,
} from './read-chain.ts';
import type { SnapshotChain } from './store-snapshot.ts';
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
  /** What further changes can follow; null = none can. */
  readonly chain: SnapshotChain | null;
}

/** The newest snapshot that can be used; else an older one; else nothing, and the replay is longer. */
export async function openMemory(
  parts: DetectorParts,
  whose: Restored,
  state: PartitionState,
): Promise<OpenedMemory> {
  for (const refs of chainsOf(state.snapshots)) {
    const report = (ref: SnapshotRef, error: unknown) => reportUnusable(parts, whose.ref, ref, error);
    let read = await readChain(parts, refs, report);
    while (read !== null) {
      try {
        return await restore(parts, whose, { read, newest: state.snapshots[0]?.blob });
      } catch (error) {
        report(newestOf(read), error);
        read = withoutNewest(read);
      }
    }
  }
  if (state.snapshots.length > 0) parts.metrics.rebuilt.inc();
  const { builtIn } = parts.orders();
  const model = await modelOf(parts, whose, { version: state.versions[0]?.version ?? 0, builtIn });
  return {
    memory: emptyMemory(parts.pool, parts.engines.fresh(model), builtIn),
    sequence: null,
    chain: null,
  };
}

/** Throws on what is no fault of the snapshot. */
function reportUnusable(
  { metrics, logger }: DetectorParts,
  { partition }: PartitionRef,
  { blob }: SnapshotRef,
  error: unknown,
): void {
  if (!(error instanceof UnusableSnapshot || error instanceof SnapshotError)) throw error;
  metrics.snapshotsUnusable.inc();
  const reason = error.message;
  logger.error({ partition, blob, reason }, 'a snapshot cannot be used; the replay begins earlier');
}

async function restore(
  parts: DetectorParts,
  whose: Restored,
  { read, newest }: { read: ReadChain; newest: string | undefined },
): Promise<OpenedMemory> {
  const state = await atTurn(parts, () => joinChain(snapshotsOf(read)));
  const [bytes, ...changes] = state.engine;
  const model = await modelOf(parts, whose, state.model);
  const engine = await parts.turns.during(() => parts.engines.restore(bytes, model, changes));
  const memory = await atTurn(parts, () => memoryFrom(parts.pool, state, engine));
  await restoreShadow(parts, whose, { memory, state });
  // Nothing may follow changes that were passed over: a restore would come upon them again.
  const chain = newestOf(read).blob === newest ? chainOf(read, memory) : null;
  return { memory, sequence: state.sequence, chain };
}

/** Brings back what was scored beside; when it cannot be, the partition goes on without. */
async function restoreShadow(
  parts: DetectorParts,
  { shadows }: Restored,
  { memory, state }: { memory: PartitionMemory; state: ChainedState },
): Promise<void> {
  const { shadow } = state;
  if (shadow === null) return;
  const [bytes, ...changes] = shadow.engine;
  await shadows.begin(memory, shadow.version, async () =>
    parts.engines.restore(bytes, await shadowModel(parts, shadow.version, memory.builtIn), changes),
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
