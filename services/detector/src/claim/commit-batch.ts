import { noFigures } from '@verdict/detection';
import { backOff } from '@verdict/process';
import { type BatchCommit, DatabaseUnavailable } from '@verdict/storage';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { mostStatuses } from './status-schedule.ts';
import { storeSnapshot } from './store-snapshot.ts';

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
  /** The partition is given back with this commit, which takes no snapshot unless it must. */
  readonly isLast?: boolean;
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
  const { mustSnapshot: must = false, isLast = false } = outcome;
  const nowMs = parts.clock.monotonicMs();
  const statuses = isLast ? mostStatuses : run.statuses.due(nowMs);
  const takesSnapshot = must || (!isLast && schedule.due(nowMs));
  const stored = takesSnapshot
    ? await storeSnapshot(parts, run, { sequence: outcome.checkpoint, must })
    : null;
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
    series: memory.ledger.take(statuses),
    snapshot: stored?.ref ?? null,
    counted: outcome.counted,
    figures: outcome.figures,
    comparison: outcome.comparison,
    shadowTroubles,
  };
  const endTiming = parts.metrics.commitSeconds.startTimer();
  const { obsoleteSnapshots } = await commitPatiently(parts, run, batch, signal);
  endTiming();
  run.checkpoint = batch.checkpoint;
  run.committed = { version: batch.version, shadow: batch.shadow };
  run.position = batch.checkpoint;
  run.committedMs = parts.clock.monotonicMs();
  if (stored !== null) run.chain = stored.chain;
  if (statuses > 0) run.statuses.written(run.committedMs);
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

/** Best effort: whoever claims the partition next removes what stays behind. */
async function deleteSnapshot(parts: DetectorParts, name: string): Promise<void> {
  try {
    await parts.blobs.delete(name);
  } catch (error) {
    parts.logger.warn({ err: error, name }, 'an obsolete snapshot could not be removed');
  }
}
