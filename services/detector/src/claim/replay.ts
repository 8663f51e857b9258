import type { PartitionState } from '@verdict/storage';
import { StreamUnavailable } from '@verdict/streams';
import { scoreEvents } from '../batch/score-events.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';
import type { EventCursor } from './event-cursor.ts';
import { modelOf } from './open-memory.ts';
import type { DetectorParts } from './partition-run.ts';
import type { PoisonLedger } from './poison-ledger.ts';

/** Reads in a row that may bring nothing before the replay is given up (and tried again from the start). */
const mostEmptyReads = 100;

/**
 * Scores the events between snapshot and checkpoint again. Their results are committed, so nothing is written;
 * memory is afterwards as if the process had never ended. Versions change exactly where they did.
 */
export async function replay(
  parts: DetectorParts,
  run: {
    memory: PartitionMemory;
    cursor: EventCursor;
    poison: PoisonLedger;
    /** Last event in the memory; -1 = none. */
    sequence: number;
    signal: AbortSignal;
  },
  state: PartitionState,
): Promise<void> {
  const { memory, cursor, poison } = run;
  const { owns } = parts.orders();
  const swaps = state.versions.filter(({ fromSequence }) => fromSequence > run.sequence);
  const stages = [...swaps.map(({ fromSequence }) => fromSequence - 1), state.checkpoint];
  for (const [stage, upTo] of stages.entries()) {
    let empty = 0;
    while (run.sequence < upTo && !cursor.isBeyond(upTo)) {
      run.signal.throwIfAborted();
      const events = await cursor.read(parts.limits.batch, upTo);
      if (events.length === 0 && !cursor.isBeyond(upTo)) {
        empty += 1;
        if (empty >= mostEmptyReads) throw new StreamUnavailable(`the replay up to ${upTo} gets no events`);
        continue;
      }
      empty = 0;
      await scoreEvents(
        memory,
        owns,
        events.filter(({ sequence }) => !poison.isCondemned(sequence)),
      );
      memory.tails.settle(parts.clock.monotonicMs());
      parts.metrics.replayed.inc(events.length);
    }
    const swap = swaps[stage];
    if (swap !== undefined && swap.version !== memory.engine.version)
      await memory.engine.swap(await modelOf(parts, swap.version, memory.builtIn));
  }
}
