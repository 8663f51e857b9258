import { noFigures } from '@verdict/detection';
import { backOff } from '@verdict/process';
import { type BatchCommit, DatabaseUnavailable, type SnapshotRef } from '@verdict/storage';
import { assertSmall } from '../shadow/change-versions.ts';
import { takeSnapshot } from '../state/partition-memory.ts';
import { encodeSnapshot, type Snapshot, snapshotName } from '../state/snapshot-codec.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';

/** What a batch brought, beside what waits in memory (full tails, series' status). */
export interface BatchOutcome {
  /** Last event that was processed. */
  readonly checkpoint: number;
  readonly anomalies: BatchCommit['anomalies'];
  readonly deadLetters: BatchCommit['deadLetters'];
  readonly counted: BatchCommit['counted'];
  readonly figures: BatchCommit['figures'];
  readonly comparison: BatchCommit['comparison'];
  /** A snapshot that must be part of this commit, whatever the schedule says. */
  readonly mustSnapshot?: boolean;
}

/**
 * Commits a batch: results and checkpoint in one transaction, after the snapshot that it refers to is stored.
 * When it throws, memory is ahead of what is committed and must be dropped. @throws EpochLost, or an outage
 */
export async function commitBatch(
  parts: DetectorParts,
  run: PartitionRun,
  outcome: BatchOutcome,
  signal: AbortSignal,
): Promise<void> {
  const { memory, schedule } = run;
  if (outcome.counted.readings > 0) schedule.note(outcome.counted.readings);
  const everything = outcome.mustSnapshot === true || schedule.due(parts.clock.monotonicMs());
  const snapshot = everything ? await storeSnapshot(parts, run, outcome) : null;
  // What does not move the checkpoint is not counted: it is told with the next batch that does.
  const shadowTroubles = outcome.checkpoint > run.checkpoint ? run.shadows.troubles : [];
  const batch: BatchCommit = {
    ref: run.ref,
    checkpoint: outcome.checkpoint,
    hub: run.hub,
    version: memory.engine.version,
    overlay: memory.overlay,
    shadow: memory.shadow?.version ?? null,
    history: memory.tails.pending(),
    anomalies: outcome.anomalies,
    deadLetters: outcome.deadLetters,
    series: memory.ledger.take(everything),
    snapshot,
    counted: outcome.counted,
    figures: outcome.figures,
    comparison: outcome.comparison,
    shadowTroubles,
  };
  const endTiming = parts.metrics.commitSeconds.startTimer();
  const { obsoleteSnapshots } = await commitPatiently(parts, run, batch, signal);
  endTiming();
  run.checkpoint = batch.checkpoint;
  run.position = batch.checkpoint;
  run.committedMs = parts.clock.monotonicMs();
  run.snapshot = snapshot?.blob ?? run.snapshot;
  run.shadows.told(shadowTroubles.length);
  memory.tails.settle(parts.clock.monotonicMs());
  countOutcome(parts, run, outcome);
  run.onCommit(outcome);
  for (const name of obsoleteSnapshots) await deleteSnapshot(parts, name);
}

function countOutcome({ metrics }: DetectorParts, run: PartitionRun, outcome: BatchOutcome): void {
  const { readings, duplicates } = outcome.counted;
  run.readings += readings;
  metrics.readings.inc(readings);
  metrics.duplicates.inc(duplicates);
  if (readings > 0) metrics.batchReadings.observe(readings);
  for (const { reason } of outcome.deadLetters) metrics.deadLetters.inc({ reason });
  metrics.late.inc(outcome.deadLetters.filter(({ reason }) => reason === 'late').length);
  for (const { kind } of outcome.anomalies) metrics.anomalies.inc({ kind });
  metrics.quieted.inc(outcome.figures.quieted);
  if (readings > 0) run.troubles.settle(run.memory.engine.version);
  metrics.version.set({ partition: run.ref.partition }, run.memory.engine.version);
  metrics.shadow.set({ partition: run.ref.partition }, run.memory.shadow?.version ?? -1);
  metrics.overlay.set({ partition: run.ref.partition }, run.memory.overlay);
}

/** A commit of nothing but the position. */
export function emptyOutcome(run: PartitionRun): BatchOutcome {
  return {
    checkpoint: run.position,
    anomalies: [],
    deadLetters: [],
    counted: { readings: 0, duplicates: 0 },
    figures: noFigures,
    comparison: null,
  };
}

/** Tries again while the database is away; `EpochLost` and everything else end it at once. */
async function commitPatiently(
  parts: DetectorParts,
  run: PartitionRun,
  batch: BatchCommit,
  signal: AbortSignal,
): Promise<{ obsoleteSnapshots: string[] }> {
  const deadlineMs = parts.clock.monotonicMs() + parts.limits.commitMs;
  const wait = backOff({ firstMs: 100, maxMs: 1000 });
  let unsure = false;
  for (;;) {
    try {
      // The connection may have broken after the transaction was through: committing it twice would count twice.
      if (unsure && (await isCommitted(parts, run, batch))) return { obsoleteSnapshots: [] };
      return await parts.store.commit(batch);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || parts.clock.monotonicMs() >= deadlineMs) throw error;
      unsure = true;
      parts.logger.warn(
        { partition: run.ref.partition, reason: error.message },
        'commit failed, trying again',
      );
      await parts.clock.sleep(wait.nextMs(), signal);
    }
  }
}

async function isCommitted(parts: DetectorParts, run: PartitionRun, batch: BatchCommit): Promise<boolean> {
  const state = await parts.store.load(run.ref);
  if (batch.checkpoint > run.checkpoint) return state.checkpoint === batch.checkpoint;
  return batch.snapshot !== null && state.snapshots[0]?.blob === batch.snapshot.blob;
}

/** Stores a snapshot as of the batch's end. Null when it could not be stored and need not be. */
async function storeSnapshot(
  parts: DetectorParts,
  run: PartitionRun,
  { checkpoint, mustSnapshot }: BatchOutcome,
): Promise<SnapshotRef | null> {
  if (checkpoint < 0) return null;
  const startedMs = parts.clock.monotonicMs();
  const bytes = encodeSnapshot(takeSnapshot(run.memory, checkpoint, shadowState(run)));
  const blob = snapshotName(run.ref, checkpoint, bytes);
  if (blob === run.snapshot) return null;
  try {
    await parts.blobs.put(blob, bytes);
  } catch (error) {
    if (mustSnapshot === true) throw error;
    // The stream goes on: the replay after a crash is longer, nothing else.
    parts.metrics.snapshotFailures.inc();
    parts.logger.error({ err: error, blob }, 'a snapshot could not be stored');
    return null;
  } finally {
    const nowMs = parts.clock.monotonicMs();
    run.schedule.taken(nowMs, nowMs - startedMs);
  }
  parts.metrics.snapshotSeconds.observe((parts.clock.monotonicMs() - startedMs) / 1000);
  parts.metrics.snapshotBytes.set({ partition: run.ref.partition }, bytes.length);
  return { blob, sequence: checkpoint };
}

/** The state of the shadow; one whose state has grown too large is let go. */
function shadowState({ memory, shadows }: PartitionRun): Snapshot['shadow'] {
  const { shadow } = memory;
  if (shadow === null) return null;
  const { version } = shadow;
  try {
    const engine = shadow.snapshot();
    assertSmall(engine, shadows.limits.bytes);
    return { version, engine };
  } catch (error) {
    shadows.letGo(memory, version, error);
    return null;
  }
}

/** Best effort: whoever claims the partition next removes what stays behind. */
async function deleteSnapshot(parts: DetectorParts, name: string): Promise<void> {
  try {
    await parts.blobs.delete(name);
  } catch (error) {
    parts.logger.warn({ err: error, name }, 'an obsolete snapshot could not be removed');
  }
}
