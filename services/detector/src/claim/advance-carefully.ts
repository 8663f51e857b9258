import { DatabaseUnavailable } from '@verdict/storage';
import { EpochLost, OwnershipLost, type ReceivedEvent, StreamUnavailable } from '@verdict/streams';
import { deathsBeforeDeadLetter } from './caution.ts';
import { commitBatch, emptyOutcome } from './commit-batch.ts';
import type { DetectorParts, PartitionRun } from './partition-run.ts';

/**
 * When so many of the events before were given up, the fault lies elsewhere (a broken net, a bug that every event
 * meets): giving up further ones would empty the stream into dead letters.
 */
const mostCondemned = { events: 10, among: 100 } as const;

/** One event, by itself. */
export interface SingleEvent {
  readonly event: ReceivedEvent;
  readonly signal: AbortSignal;
  /** Lets others score. */
  readonly endTurn: () => void;
  /** Processes and commits it. */
  readonly advance: () => Promise<void>;
}

/**
 * Processes one event alone, noting before that it is tried. An event on which the detector died twice like this
 * is poisonous: it goes to dead letters, and the stream goes on behind it. Where too many were given up already, the
 * event is only tried again: the partition stays stalled until somebody mends what is broken.
 */
export async function advanceCarefully(
  parts: DetectorParts,
  run: PartitionRun,
  { event, signal, endTurn, advance }: SingleEvent,
): Promise<void> {
  const { sequence } = event;
  const { poison } = run;
  const isSuspectedEnough = poison.suspicions(sequence) >= deathsBeforeDeadLetter;
  const mayCondemn = poison.condemnedBefore(sequence, mostCondemned.among) < mostCondemned.events;
  if (poison.isCondemned(sequence) || (isSuspectedEnough && mayCondemn)) {
    endTurn();
    await condemn(parts, run, event, signal);
    return;
  }
  if (!isSuspectedEnough) await poison.suspect(sequence);
  try {
    await advance();
  } catch (error) {
    if (signal.aborted || isNoFaultOfTheEvent(error)) await poison.clear(sequence);
    throw error;
  }
  await poison.clear(sequence);
  run.caution.good();
}

async function condemn(
  parts: DetectorParts,
  run: PartitionRun,
  { sequence, body }: ReceivedEvent,
  signal: AbortSignal,
): Promise<void> {
  // The verdict first: a replay from an older snapshot must know it, or it dies on the event as well.
  await run.poison.condemn(sequence);
  const what = { series: null, timeMs: null, reason: 'poisonous' } as const;
  const detail = `processing crashed ${run.poison.suspicions(sequence)} times on this event alone`;
  const deadLetters = [{ sequence, ...what, detail, payload: body }];
  const outcome = { ...emptyOutcome(run), checkpoint: sequence, deadLetters, mustSnapshot: true };
  await commitBatch(parts, run, outcome, signal);
  await run.poison.clear(sequence);
  parts.metrics.poisonous.inc();
  parts.logger.error(
    { partition: run.ref.partition, sequence, bytes: body.length },
    'a poisonous event was put to dead letters; its readings are not scored',
  );
}

function isNoFaultOfTheEvent(error: unknown): boolean {
  return [DatabaseUnavailable, StreamUnavailable, EpochLost, OwnershipLost].some(
    (kind) => error instanceof kind,
  );
}
