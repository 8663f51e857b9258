import { setImmediate as nextTurn } from 'node:timers/promises';
import { addFigures, type EngineFigures, type EngineResult, noFigures } from '@verdict/detection';
import type { DeadLetter, ShadowScoring } from '@verdict/storage';
import type { GatheredBlock, ReceivedEvent } from '@verdict/streams';
import { addComparisons, noComparison } from '../shadow/compare-scores.ts';
import { scoreBeside } from '../shadow/score-beside.ts';
import type { ShadowWatch } from '../shadow/shadow-watch.ts';
import { absorb, type PartitionMemory } from '../state/partition-memory.ts';
import { decodeEvents } from './decode-events.ts';

/** What events brought, scored and taken into memory. */
export interface ScoredEvents {
  readonly result: EngineResult;
  /** Blocks of own series. */
  readonly blocks: readonly GatheredBlock[];
  readonly undecodable: readonly DeadLetter[];
  /** What the shadow did beside it; null when there is none (any more). */
  readonly comparison: ShadowScoring | null;
}

/**
 * What is scored in one go: enough series for the engine to work on many of them at once, but no more readings than take
 * some tens of milliseconds; heartbeats and requests get their turn in between.
 */
const turn = { readings: 2000, series: 200, mostReadings: 8000 } as const;

/** Decode → drop foreign → score: the part of the pipeline that a replay repeats, with the same result. */
export async function scoreEvents(
  memory: PartitionMemory,
  { owns, shadows }: { readonly owns: (series: string) => boolean; readonly shadows: ShadowWatch },
  events: readonly ReceivedEvent[],
): Promise<ScoredEvents> {
  const { blocks, undecodable } = decodeEvents(events);
  const own = blocks.filter(({ series }) => owns(series));
  const result: Omit<EngineResult, 'figures'> = { scored: [], anomalies: [], refused: [] };
  let figures: EngineFigures = noFigures;
  let comparison = noComparison;
  for (let from = 0; from < own.length; ) {
    const to = endOfTurn(own, from);
    // How blocks are cut into calls changes nothing: the engine promises that.
    const part = own.slice(from, to);
    const startedMs = shadows.clock.monotonicMs();
    const found = await memory.engine.process(part);
    const served = { result: found, tookMs: shadows.clock.monotonicMs() - startedMs };
    const beside = await scoreBeside(memory, shadows, part, served);
    if (beside !== null) comparison = addComparisons(comparison, beside);
    absorb(memory, found);
    for (const block of found.scored) result.scored.push(block);
    for (const change of found.anomalies) result.anomalies.push(change);
    for (const reading of found.refused) result.refused.push(reading);
    figures = addFigures(figures, found.figures);
    from = to;
    if (from < own.length) await nextTurn();
  }
  // One that was let go on the way is gone from the first of these events on, as far as anybody is told.
  const compared = memory.shadow === null ? null : comparison;
  return { result: { ...result, figures }, blocks: own, undecodable, comparison: compared };
}

function endOfTurn(blocks: readonly GatheredBlock[], from: number): number {
  let readings = 0;
  let to = from;
  for (; to < blocks.length; to += 1) {
    if (readings >= turn.mostReadings || (readings >= turn.readings && to - from >= turn.series)) break;
    readings += blocks[to]?.times.length ?? 0;
  }
  return to;
}
