import type { PartitionRef, PartitionState } from '@verdict/storage';
import type { PartitionExtent } from '@verdict/streams';
import { epochOfName, snapshotPrefix } from '../state/snapshot-name.ts';
import { atTurn } from './at-turn.ts';
import { BatchSize } from './batch-size.ts';
import { Caution } from './caution.ts';
import { EventCursor } from './event-cursor.ts';
import { assertSameHub, gapBehind } from './hub-check.ts';
import { openMemory } from './open-memory.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';
import { PoisonLedger } from './poison-ledger.ts';
import { replay } from './replay.ts';
import { SnapshotLoad } from './snapshot-load.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';
import { StatusSchedule } from './status-schedule.ts';

/**
 * Brings a partition to where its last holder committed: snapshot, then replay, then exactly as if nothing had
 * happened. The caller closes `run.cursor`. @throws HubChanged, EpochLost, OwnershipLost, or an outage
 */
export async function restorePartition(
  parts: DetectorParts,
  ref: PartitionRef,
  life: Pick<PartitionRun, 'onCommit' | 'troubles' | 'shadows'> & {
    signal: AbortSignal;
    onReplay: (state: PartitionState) => void;
  },
): Promise<PartitionRun> {
  const hub = await parts.source.properties();
  const extent = await parts.source.extent(ref.partition);
  // Counted as a try at this position, so only once the hub is there to be tried.
  const state = await parts.store.load(ref);
  assertSameHub(state, hub, extent);
  noteGap(parts, ref, gapBehind(state, extent));
  const poison = await PoisonLedger.open(parts.blobs, ref, state.attempts);
  await tidy(parts, ref, { state, poison, extent });
  const { troubles, shadows } = life;
  const opened = await parts.restores.during(() => {
    life.signal.throwIfAborted();
    return openMemory(parts, { ref, troubles, shadows }, state);
  });
  const { memory, chain } = opened;
  if (chain !== null)
    parts.metrics.snapshotBytes.set({ partition: ref.partition }, chain.baseBytes + chain.changedBytes);
  life.onReplay(state);
  const after = opened.sequence ?? -1;
  const reader = await parts.source.open({
    consumerGroup: parts.consumerGroup,
    partition: ref.partition,
    start: opened.sequence === null ? 'earliest' : { afterSequence: opened.sequence },
    ownerLevel: ref.epoch,
  });
  const cursor = new EventCursor(reader, after);
  const startedMs = parts.clock.monotonicMs();
  try {
    if (extent.firstSequence <= state.checkpoint)
      await replay(parts, { ...life, ref, memory, cursor, poison, sequence: after }, state);
    const written = await parts.store.newestHistory(parts.pool, ref.partition);
    await atTurn(parts, () => memory.tails.trim(written));
  } catch (error) {
    await cursor.close();
    throw error;
  }
  const suspected = poison.suspicions(state.checkpoint + 1) > 0;
  const { snapshotLoad = new SnapshotLoad() } = parts;
  const schedule = new SnapshotSchedule(parts.limits, parts.clock.monotonicMs(), snapshotLoad);
  if (after < state.checkpoint) {
    schedule.note(0);
    schedule.worked(parts.clock.monotonicMs() - startedMs);
  }
  return {
    ref,
    hub: { identity: hub.identity, partitionCount: hub.partitions.length },
    memory,
    cursor,
    schedule,
    statuses: new StatusSchedule(parts.limits.statusMs, parts.clock.monotonicMs()),
    size: new BatchSize(() => snapshotLoad.partitions),
    caution: new Caution({ attempts: state.attempts, suspected }),
    poison,
    troubles,
    shadows,
    orders: parts.orders(),
    checkpoint: state.checkpoint,
    committed: state.versions.at(-1) ?? null,
    position: state.checkpoint,
    committedMs: parts.clock.monotonicMs(),
    onCommit: life.onCommit,
    readings: 0,
    restored: true,
    chain,
  };
}

function noteGap(parts: DetectorParts, { partition }: PartitionRef, events: number): void {
  if (events === 0) return;
  parts.metrics.gapEvents.inc(events);
  parts.logger.error({ partition, events }, 'the hub has dropped events that were never read');
}

/** Removes what earlier holders left behind: snapshots that were stored but never committed, old suspicions. */
async function tidy(
  parts: DetectorParts,
  ref: PartitionRef,
  found: { state: PartitionState; poison: PoisonLedger; extent: PartitionExtent },
): Promise<void> {
  const kept = new Set(found.state.snapshots.map(({ blob }) => blob));
  for (const name of await parts.blobs.list(snapshotPrefix(ref))) {
    const epoch = epochOfName(name);
    if (!kept.has(name) && epoch !== null && epoch <= ref.epoch) await parts.blobs.delete(name);
  }
  await found.poison.tidy(found.state.checkpoint, found.extent.firstSequence);
}
