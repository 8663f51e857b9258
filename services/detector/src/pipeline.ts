import type { ReceivedEvent } from '@verdict/streams';
import { anomalyRecord } from './batch/anomaly-record.ts';
import { judgeLate } from './batch/late-readings.ts';
import { scoreEvents } from './batch/score-events.ts';
import { advanceCarefully } from './claim/advance-carefully.ts';
import { commitBatch } from './claim/commit-batch.ts';
import { followOrders } from './claim/follow-orders.ts';
import type { DetectorParts, PartitionRun } from './claim/partition-run.ts';

/** How long a run lasts, and whom it tells. */
export interface PipelineLife {
  /** Aborted when the partition is to be given back: asked to stop, or the lease is lost. */
  readonly signal: AbortSignal;
  /** Called after each commit. */
  readonly onCommit: () => void;
}

/**
 * The detector's work on one partition:
 *
 *   read → decode → drop foreign → score → decide → commit → notify
 *
 * Batch after batch, until the signal. Between two batches is the border at which versions and assignments
 * change. Whatever is thrown ends the run; memory is then ahead of the last commit and must be dropped.
 */
export async function runPipeline(
  parts: DetectorParts,
  run: PartitionRun,
  life: PipelineLife,
): Promise<void> {
  const { signal, onCommit } = life;
  while (!signal.aborted) {
    if (await followOrders(parts, run, signal)) onCommit();
    const events = await run.cursor.read(run.caution.limits(parts.limits.batch));
    const [event] = events;
    if (event === undefined && !run.schedule.due(parts.clock.monotonicMs())) continue;
    const step = () => advance(parts, run, { events, signal });
    if (event !== undefined && run.caution.active)
      await advanceCarefully(parts, run, { event, signal, advance: step });
    else await step();
    onCommit();
  }
  if (run.schedule.changed) await advance(parts, run, { events: [], signal, last: true });
}

/** One batch; without events, the writing of what only memory holds. */
async function advance(
  parts: DetectorParts,
  run: PartitionRun,
  batch: { events: readonly ReceivedEvent[]; signal: AbortSignal; last?: boolean },
): Promise<void> {
  const { store, pool, metrics } = parts;
  const { tails } = run.memory;
  const endScoring = metrics.scoringSeconds.startTimer();
  const { result, blocks, undecodable } = await scoreEvents(run.memory, run.orders.owns, batch.events);
  endScoring();
  const { duplicates, late } = await judgeLate(result.refused, blocks, {
    inMemory: (series, timeMs) => tails.has(series, timeMs),
    inHistory: (readings) => store.existsInHistory(pool, readings),
  });
  const readings = result.scored.reduce((sum, { times }) => sum + times.length, 0);
  const outcome = {
    checkpoint: batch.events.at(-1)?.sequence ?? run.checkpoint,
    anomalies: result.anomalies.map((change) => anomalyRecord(pool, change)),
    deadLetters: [...undecodable, ...late],
    counted: { readings, duplicates },
    mustSnapshot: batch.last,
  };
  await commitBatch(parts, run, outcome, batch.signal);
}
