import type { DetectionEngine, Sliced } from '@verdict/detection';
import type { SnapshotRef } from '@verdict/storage';
import { assertSmall } from '../shadow/change-versions.ts';
import { keepState, type PartitionMemory, takeChanges, takeSnapshot } from '../state/partition-memory.ts';
import { encodeSnapshot, type TakenSnapshot } from '../state/snapshot-codec.ts';
import { snapshotName } from '../state/snapshot-name.ts';
import { atTurn } from './at-turn.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';

/** A whole snapshot and the changes behind it, which memory goes on from. */
export interface SnapshotChain {
  /** Blob of the whole one. */
  readonly base: string;
  /** Blob of the last one, and the last event whose readings are in it. */
  readonly newest: string;
  readonly sequence: number;
  /** Changes behind the whole one. */
  readonly length: number;
  readonly baseBytes: number;
  readonly changedBytes: number;
  /** Whose marks say what has changed. */
  readonly engine: DetectionEngine;
  readonly shadow: DetectionEngine | null;
}

/** A snapshot that is stored, and the chain that it ends; to be committed together. */
interface StoredSnapshot {
  readonly ref: SnapshotRef;
  readonly chain: SnapshotChain;
}

/**
 * Stores the state as of the event `sequence`: what has changed since the snapshot before, or all of it where nothing
 * comes before, where other versions are in force, and when the changes since the last whole one have become many or as
 * large as that. Null when there is nothing new, or when it could not be stored and need not be.
 */
export async function storeSnapshot(
  parts: DetectorParts,
  run: PartitionRun,
  { sequence, must }: { readonly sequence: number; readonly must: boolean },
): Promise<StoredSnapshot | null> {
  const { memory, ref } = run;
  if (sequence < 0) return null;
  const before = run.chain;
  // Whatever happens to these bytes, the marks have moved: until they are committed nothing can follow them.
  run.chain = null;
  const taken = await atTurn(parts, () => take(parts, run, { before, sequence, must }));
  const takenMs = parts.clock.monotonicMs();
  if (taken === null) {
    run.chain = before;
    run.schedule.taken(takenMs, 0);
    return null;
  }
  const { startedMs, bytes, blob, follows } = taken;
  // Readings wait while it is taken. Storing it is the work of other threads, and takes about as much of it.
  run.schedule.taken(takenMs, 2 * (takenMs - startedMs));
  try {
    await parts.blobs.put(blob, bytes);
  } catch (error) {
    if (must) throw error;
    // The stream goes on: the replay after a crash is longer, nothing else.
    parts.metrics.snapshotFailures.inc();
    parts.logger.error({ err: error, blob }, 'a snapshot could not be stored');
    return null;
  }
  const chain =
    follows === null
      ? newChain(memory, { blob, sequence, bytes: bytes.length })
      : {
          ...follows,
          newest: blob,
          sequence,
          length: follows.length + 1,
          changedBytes: follows.changedBytes + bytes.length,
        };
  const kind = follows === null ? 'whole' : 'changes';
  parts.metrics.snapshotSeconds.observe({ kind }, (parts.clock.monotonicMs() - startedMs) / 1000);
  parts.metrics.snapshotWritten.inc({ kind }, bytes.length);
  parts.metrics.snapshotBytes.set({ partition: ref.partition }, chain.baseBytes + chain.changedBytes);
  return { ref: { blob, base: follows === null ? null : chain.base, sequence }, chain };
}

/** A snapshot in bytes, and the chain that it follows; null = it is whole. */
interface Taken {
  /** When its turn had come, monotonic. */
  readonly startedMs: number;
  readonly bytes: Uint8Array;
  readonly blob: string;
  readonly follows: SnapshotChain | null;
}

/** Changes, or all of the state; null when there is nothing new. Memory stays as it is meanwhile. */
function* take(
  parts: DetectorParts,
  run: PartitionRun,
  { before, sequence, must }: { before: SnapshotChain | null; sequence: number; must: boolean },
): Sliced<Taken | null> {
  const startedMs = parts.clock.monotonicMs();
  const changes = before === null ? null : yield* changesSince(parts, run, { before, sequence, must });
  if (changes !== null && isNothing(changes) && sequence === before?.sequence) return null;
  yield 'long step';
  const bytes = changes === null ? yield* takeWhole(run, sequence) : yield* encodeSnapshot(changes);
  yield 'long step';
  const blob = snapshotName(run.ref, sequence, bytes);
  return { startedMs, bytes, blob, follows: changes === null ? null : before };
}

/** A chain of nothing but a whole snapshot of this memory. */
function newChain(
  { engine, shadow }: PartitionMemory,
  { blob, sequence, bytes }: { blob: string; sequence: number; bytes: number },
): SnapshotChain {
  return {
    ...{ base: blob, newest: blob, sequence, length: 0, baseBytes: bytes, changedBytes: 0 },
    engine,
    shadow,
  };
}

function* changesSince(
  { limits }: DetectorParts,
  { memory, shadows }: PartitionRun,
  { before, sequence, must }: { before: SnapshotChain; sequence: number; must: boolean },
): Sliced<TakenSnapshot | null> {
  const { engine, shadow } = memory;
  if (before.engine !== engine || before.shadow !== shadow) return null;
  // Somebody waits for one that must be, the next holder above all: a whole one has time until later.
  const times = must ? 2 : 1;
  if (before.length >= times * limits.snapshotChain) return null;
  if (before.changedBytes >= times * before.baseBytes) return null;
  try {
    return yield* takeChanges(memory, sequence, before.newest);
  } catch (error) {
    if (shadow === null) throw error;
    shadows.letGo(memory, shadow.version, error);
    return null;
  }
}

function isNothing({ gone, series }: TakenSnapshot): boolean {
  return gone.length === 0 && series.length === 0;
}

function* takeWhole(run: PartitionRun, sequence: number): Sliced<Uint8Array> {
  const shadow = yield* shadowState(run);
  yield 'long step';
  const whole = yield* takeSnapshot(run.memory, sequence, shadow);
  yield 'long step';
  const bytes = yield* encodeSnapshot(whole);
  yield 'long step';
  yield* keepState(run.memory);
  return bytes;
}

/** The state of the shadow; one whose state has grown too large is let go. */
function* shadowState({ memory, shadows }: PartitionRun): Sliced<TakenSnapshot['shadow']> {
  const { shadow } = memory;
  if (shadow === null) return null;
  const { version } = shadow;
  try {
    const engine = yield* shadow.snapshotSteps();
    assertSmall(engine, shadows.limits.bytes);
    return { version, engine };
  } catch (error) {
    shadows.letGo(memory, version, error);
    return null;
  }
}
