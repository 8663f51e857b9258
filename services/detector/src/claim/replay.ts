import { builtInModel } from '@verdict/detection';
import type { PartitionRef, PartitionState, VersionSpan } from '@verdict/storage';
import { StreamUnavailable } from '@verdict/streams';
import { scoreEvents } from '../batch/score-events.ts';
import { changeActive, engineBeside } from '../shadow/change-versions.ts';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import { applyOverlay, type PartitionMemory } from '../state/partition-memory.ts';
import { blameVersion } from './blame-version.ts';
import type { EventCursor } from './event-cursor.ts';
import { modelOf, type Restored, shadowModel } from './open-memory.ts';
import type { DetectorParts } from './partition-run.ts';
import type { PoisonLedger } from './poison-ledger.ts';
import type { VersionTroubles } from './version-troubles.ts';

/** Reads in a row that may bring nothing before the replay is given up (and tried again from the start). */
const mostEmptyReads = 100;
/** Scored at once, so that a stop need not wait for long. */
const mostBytes = 1024 * 1024;

/**
 * Scores the events between snapshot and checkpoint again. Their results are committed, so nothing is written;
 * memory is afterwards as if the process had never ended. Versions, shadows and false-alarm memories change exactly
 * where they did.
 */
export async function replay(
  parts: DetectorParts,
  run: {
    ref: PartitionRef;
    memory: PartitionMemory;
    cursor: EventCursor;
    poison: PoisonLedger;
    /** Last event in the memory; -1 = none. */
    sequence: number;
    signal: AbortSignal;
    troubles: VersionTroubles;
    shadows: ShadowWatch;
  },
  state: PartitionState,
): Promise<void> {
  const { ref, memory, cursor, poison, troubles, shadows } = run;
  const { owns } = parts.orders();
  const isLater = ({ fromSequence }: VersionSpan) => fromSequence > run.sequence;
  const batch = { ...parts.limits.batch, bytes: Math.min(mostBytes, parts.limits.batch.bytes) };
  const swaps = state.versions.filter(isLater);
  const stages = [...swaps.map(({ fromSequence }) => fromSequence - 1), state.checkpoint];
  // The snapshot's own version is in it; the memory that it was taken with is not.
  const first = state.versions.findLast((span) => !isLater(span));
  if (first !== undefined) applyOverlay(memory, await parts.overlays.load(first.overlay));
  await avoidFailing(parts, run);
  for (const [stage, upTo] of stages.entries()) {
    let empty = 0;
    while (run.sequence < upTo && !cursor.isBeyond(upTo)) {
      run.signal.throwIfAborted();
      const events = await cursor.read(batch, upTo);
      if (events.length === 0 && !cursor.isBeyond(upTo)) {
        empty += 1;
        if (empty >= mostEmptyReads) throw new StreamUnavailable(`the replay up to ${upTo} gets no events`);
        continue;
      }
      empty = 0;
      const sound = events.filter(({ sequence }) => !poison.isCondemned(sequence));
      const blamed = { ...ref, version: memory.engine.version, troubles, inReplay: true };
      await parts.turns.during(() =>
        blameVersion(parts, blamed, () => scoreEvents(memory, { owns, shadows }, sound)),
      );
      memory.tails.settle(parts.clock.monotonicMs());
      parts.metrics.replayed.inc(events.length);
    }
    const swap = swaps[stage];
    if (swap === undefined) continue;
    if (swap.overlay !== memory.overlay) applyOverlay(memory, await parts.overlays.load(swap.overlay));
    await followSpan(parts, run, swap);
  }
}

/** Changes versions as they were changed then, from the same state and so with the same outcome. */
async function followSpan(
  parts: DetectorParts,
  run: Restored & { memory: PartitionMemory },
  { version, shadow }: VersionSpan,
): Promise<void> {
  const { ref, memory, troubles, shadows } = run;
  const change = { engines: parts.engines, mostBytes: shadows.limits.bytes };
  const { builtIn } = memory;
  if (version !== memory.engine.version) {
    const model = await modelOf(parts, run, { version, builtIn });
    const blamed = { ...ref, version, troubles, inReplay: true };
    if (!troubles.failsReplay(version))
      await blameVersion(parts, blamed, () => changeActive(memory, { model, beside: shadow }, change));
    await avoidFailing(parts, run);
  }
  if (shadow === (memory.shadow?.version ?? null)) return;
  if (shadow === null || shadow === memory.engine.version) memory.shadow = null;
  else
    await shadows.begin(memory, shadow, async () =>
      engineBeside(memory, await shadowModel(parts, shadow, builtIn), change),
    );
}

/**
 * A version that fails on events that it has scored once cannot be replayed: the built-in one stands in, or the
 * partition would stand still for ever. Scores after the replay may differ a little from those of an unbroken run.
 */
async function avoidFailing(
  { logger }: Pick<DetectorParts, 'logger'>,
  { ref, memory, troubles }: { ref: PartitionRef; memory: PartitionMemory; troubles: VersionTroubles },
): Promise<void> {
  const { version } = memory.engine;
  if (!troubles.failsReplay(version)) return;
  logger.error({ partition: ref.partition, version }, 'a version cannot be replayed; version 0 stands in');
  await memory.engine.swap(builtInModel(memory.builtIn));
}
