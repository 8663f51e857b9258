import { backOff } from '@verdict/process';
import { DatabaseUnavailable, type PartitionRef } from '@verdict/storage';
import { EpochLost, LeaseLost, OwnershipLost, StreamUnavailable } from '@verdict/streams';
import { runPipeline } from '../pipeline.ts';
import { ShadowWatch } from '../shadow/shadow-watch.ts';
import type { BatchOutcome } from './commit-batch.ts';
import type { HeldPartition, HeldPartitions } from './held-partitions.ts';
import { HubChanged } from './hub-check.ts';
import { Notifier, type NotifierParts } from './notifier.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { restorePartition } from './restore-partition.ts';
import { VersionTroubles } from './version-troubles.ts';

/** Longest wait before a partition is started over. */
const mostMs = 5000;

/**
 * Works on a claimed partition until the signal is aborted (stop, or lease lost) or another holder is met:
 * restore, run, and after any trouble start over from what is committed. Trouble of one partition does not
 * touch the others: an outage is waited for, and an error that comes again at the same event ends in dead
 * letters (see `Caution`). @throws EpochLost, OwnershipLost
 */
export async function consumePartition(
  parts: DetectorParts & NotifierParts,
  claim: { ref: PartitionRef; held: HeldPartitions; signal: AbortSignal },
): Promise<void> {
  const { ref, held, signal } = claim;
  const { partition, epoch } = ref;
  const troubles = new VersionTroubles(parts.clock);
  const shadows = new ShadowWatch(parts, partition);
  const entry = held.open({ partition, epoch, troubles, shadows });
  const notifierLife = new AbortController();
  const notifier = new Notifier(parts, ref);
  const notifying = notifier.run(AbortSignal.any([signal, notifierLife.signal]));
  const wait = backOff({ firstMs: 200, maxMs: mostMs });
  const { leaseChanges } = parts.metrics;
  leaseChanges.inc({ change: 'taken' });
  let met = false;
  try {
    while (!signal.aborted) {
      try {
        const onCommit = ({ checkpoint, anomalies }: BatchOutcome): void => {
          if (checkpoint > entry.checkpoint) wait.reset();
          if (anomalies.length > 0) notifier.wake(parts.tracing?.headers().traceparent);
        };
        await attempt(parts, ref, { entry, signal, onCommit });
      } catch (error) {
        met = error instanceof EpochLost || error instanceof OwnershipLost;
        if (met) throw error;
        if (signal.aborted) {
          parts.logger.warn(
            { err: error, partition: ref.partition },
            'partition given back without its last commit',
          );
          return;
        }
        stall(parts, entry, error);
        await parts.clock.sleep(wait.nextMs(), signal).catch(() => undefined);
      }
    }
  } finally {
    const isLost = met || signal.reason instanceof LeaseLost;
    leaseChanges.inc({ change: isLost ? 'lost' : 'given_back' });
    notifierLife.abort();
    // A gateway that hangs must not hold the lease up: what was not told is told by the next holder.
    await Promise.race([notifying, parts.clock.sleep(500)]);
    held.close(entry);
    const { stalled, version, shadow, overlay, snapshotBytes } = parts.metrics;
    for (const gauge of [stalled, version, shadow, overlay, snapshotBytes]) gauge.remove({ partition });
  }
}

/** One life of the partition's memory, from the last commit on. */
async function attempt(
  parts: DetectorParts,
  ref: PartitionRef,
  life: Pick<PartitionRun, 'onCommit'> & { entry: HeldPartition; signal: AbortSignal },
): Promise<void> {
  const { entry, signal, onCommit } = life;
  const onReplay = ({ checkpoint }: { checkpoint: number }): void => {
    entry.checkpoint = checkpoint;
    entry.state = 'replaying';
  };
  const { troubles, shadows } = entry;
  const run = await restorePartition(parts, ref, { signal, troubles, shadows, onReplay, onCommit });
  try {
    entry.run = run;
    entry.state = 'running';
    entry.reason = null;
    parts.metrics.stalled.set({ partition: ref.partition }, 0);
    parts.metrics.version.set({ partition: ref.partition }, run.memory.engine.version);
    parts.metrics.shadow.set({ partition: ref.partition }, run.memory.shadow?.version ?? -1);
    parts.metrics.overlay.set({ partition: ref.partition }, run.memory.overlay);
    const { checkpoint } = run;
    parts.logger.info({ partition: ref.partition, epoch: ref.epoch, checkpoint }, 'partition running');
    await runPipeline(parts, run, signal);
  } finally {
    entry.checkpoint = run.checkpoint;
    entry.run = null;
    run.schedule.close();
    await run.cursor.close();
  }
}

function stall(parts: DetectorParts, entry: HeldPartition, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  const outage = error instanceof DatabaseUnavailable || error instanceof StreamUnavailable;
  const cause = error instanceof HubChanged ? 'hub-changed' : outage ? 'outage' : 'error';
  if (entry.reason !== reason) {
    const { partition } = entry;
    if (outage) parts.logger.warn({ partition, reason }, 'partition stalled; starting over');
    else
      parts.logger.error({ partition, err: error }, 'partition stalled; starting over from the last commit');
  }
  entry.state = 'stalled';
  entry.reason = reason;
  parts.metrics.stalled.set({ partition: entry.partition }, 1);
  parts.metrics.restarts.inc({ cause });
}
