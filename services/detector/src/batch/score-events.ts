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

/** Readings scored in one go (some tens of milliseconds); heartbeats and requests get their turn in between. */
const readingsPerTurn = 2000;

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
    const turn = own.slice(from, to);
    const startedMs = shadows.clock.monotonicMs();
    const part = await memory.engine.process(turn);
    const served = { result: part, tookMs: shadows.clock.monotonicMs() - startedMs };
    const beside = await scoreBeside(memory, shadows, turn, served);
    if (beside !== null) comparison = addComparisons(comparison, beside);
    absorb(memory, part);
    for (const block of part.scored) result.scored.push(block);
    for (const change of part.anomalies) result.anomalies.push(change);
    for (const reading of part.refused) result.refused.push(reading);
    figures = addFigures(figures, part.figures);
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
  while (to < blocks.length && (to === from || readings < readingsPerTurn)) {
    readings += blocks[to]?.times.length ?? 0;
    to += 1;
  }
  return to;
}
