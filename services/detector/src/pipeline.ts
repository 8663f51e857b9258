import { noTracing } from '@verdict/process';
import type { ReceivedEvent } from '@verdict/streams';
import { anomalyRecord } from './batch/anomaly-record.ts';
import { inBatchSpan } from './batch/batch-span.ts';
import { judgeLate } from './batch/late-readings.ts';
import { scoreEvents } from './batch/score-events.ts';
import { countUnscored } from './batch/unscored-values.ts';
import { advanceCarefully } from './claim/advance-carefully.ts';
import { blameVersion } from './claim/blame-version.ts';
import { commitBatch, emptyOutcome } from './claim/commit-batch.ts';
import { followOrders } from './claim/follow-orders.ts';
import type { DetectorParts, PartitionRun } from './claim/partition-run.ts';

/** Events that left nothing to write move the checkpoint at most this often. */
const passMs = 1000;

/**
 * The detector's work on one partition:
 *
 *   read → decode → drop foreign → score → decide → commit → notify
 *
 * Batch after batch, until the signal: asked to stop, or the lease is lost. Between two batches is the border at
 * which versions and assignments change. Whatever is thrown ends the run; memory is then ahead of the last commit
 * and must be dropped. Those who notify hear of every commit by `run.onCommit`.
 */
export async function runPipeline(
  parts: DetectorParts,
  run: PartitionRun,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await followOrders(parts, run, signal);
    const there = await run.cursor.arrived(parts.limits.batch);
    if (!there && !isWritingDue(parts, run)) continue;
    // What comes while others score is read together, when it is our turn.
    const endTurn = await parts.turns.take();
    try {
      if (signal.aborted) break;
      await takeBatch(parts, run, { signal, endTurn });
    } finally {
      endTurn();
    }
  }
  await giveBack(parts, run, signal);
}

/** Commits what only memory holds, for the next holder. */
async function giveBack(parts: DetectorParts, run: PartitionRun, signal: AbortSignal): Promise<void> {
  const { schedule, memory, position, checkpoint } = run;
  if (!schedule.changed && !memory.ledger.isUnwritten && position === checkpoint) return;
  const mustSnapshot = schedule.changed && schedule.takeLast();
  await commitBatch(parts, run, { ...emptyOutcome(run), mustSnapshot, isLast: true }, signal);
}

/** A batch's share of the process. */
interface Turn {
  readonly signal: AbortSignal;
  /** Lets others score. */
  readonly endTurn: () => void;
}

async function takeBatch(parts: DetectorParts, run: PartitionRun, turn: Turn): Promise<void> {
  const { tracing = noTracing } = parts;
  const limits = run.caution.limits(run.size.limits(parts.limits.batch));
  // Whoever has the turn waits for nothing.
  const events = await run.cursor.read({ ...limits, waitMs: 0 });
  const [event] = events;
  const { partition } = run.ref;
  const advanceAll = () =>
    inBatchSpan(tracing, { partition, events }, () => advance(parts, run, { events, ...turn }));
  if (event !== undefined && run.caution.active)
    await advanceCarefully(parts, run, { event, ...turn, advance: advanceAll });
  else await advanceAll();
}

/** One batch; without events, the writing of what only memory holds. */
async function advance(
  parts: DetectorParts,
  run: PartitionRun,
  { events, signal, endTurn }: Turn & { events: readonly ReceivedEvent[] },
): Promise<void> {
  const { store, pool, metrics, tracing = noTracing } = parts;
  const { tails } = run.memory;
  const endScoring = metrics.scoringSeconds.startTimer();
  const blamed = { ...run.ref, version: run.memory.engine.version, troubles: run.troubles };
  const { owns } = run.orders;
  const startedMs = parts.clock.monotonicMs();
  const { result, blocks, undecodable, comparison } = await tracing.span('score', {}, () =>
    blameVersion(parts, blamed, () => scoreEvents(run.memory, { owns, shadows: run.shadows }, events)),
  );
  endScoring();
  endTurn();
  const tookMs = parts.clock.monotonicMs() - startedMs;
  run.schedule.worked(tookMs);
  run.size.scored(bytesOf(events), tookMs);
  run.position = events.at(-1)?.sequence ?? run.position;
  run.schedule.pass(events.length);
  if (blocks.length === 0 && undecodable.length === 0 && !isWritingDue(parts, run)) return;
  const { duplicates, late } = await judgeLate(result.refused, blocks, {
    inMemory: (series, timeMs) => tails.has(series, timeMs),
    inHistory: (readings) => store.existsInHistory(pool, readings),
  });
  const readings = result.scored.reduce((sum, { times }) => sum + times.length, 0);
  const outcome = {
    checkpoint: run.position,
    anomalies: result.anomalies.map((change) => anomalyRecord(pool, change)),
    deadLetters: [...undecodable, ...late],
    counted: { readings, duplicates },
    figures: result.figures,
    comparison,
  };
  const attributes = { 'verdict.readings': readings, 'verdict.anomalies': outcome.anomalies.length };
  await tracing.span('commit', { attributes }, () => commitBatch(parts, run, outcome, signal));
  const { missing, unknownSignal } = countUnscored(blocks, run.orders.builtIn.signals);
  metrics.unscoredValues.inc({ cause: 'missing' }, missing);
  metrics.unscoredValues.inc({ cause: 'unknown_signal' }, unknownSignal);
  const last = events.at(-1);
  if (last !== undefined)
    metrics.eventAge.observe(Math.max(0, parts.clock.nowMs() - last.enqueuedAtMs) / 1000);
}

function bytesOf(events: readonly ReceivedEvent[]): number {
  return events.reduce((sum, { body }) => sum + body.length, 0);
}

/** Whether something waits to be written that no event will bring along. */
function isWritingDue(
  { clock }: DetectorParts,
  { schedule, statuses, position, checkpoint, committedMs, memory }: PartitionRun,
): boolean {
  const nowMs = clock.monotonicMs();
  if (schedule.due(nowMs) || (memory.ledger.isUnwritten && statuses.due(nowMs) > 0)) return true;
  return position > checkpoint && nowMs - committedMs >= passMs;
}
