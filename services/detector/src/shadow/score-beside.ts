import type { EngineResult, SeriesBlock } from '@verdict/detection';
import type { ShadowScoring } from '@verdict/storage';
import type { PartitionMemory } from '../state/partition-memory.ts';
import { compareScores } from './compare-scores.ts';
import { within } from './shadow-budget.ts';
import type { ShadowWatch } from './shadow-watch.ts';

/**
 * Scores with the shadow what the version in force has just scored, and compares. Null when there is no shadow, or
 * none any more: whatever it throws, and however long it takes, the caller goes on.
 */
export async function scoreBeside(
  memory: PartitionMemory,
  watch: ShadowWatch,
  blocks: readonly SeriesBlock[],
  served: { readonly result: EngineResult; readonly tookMs: number },
): Promise<ShadowScoring | null> {
  const { shadow } = memory;
  if (shadow === null) return null;
  const { clock } = watch;
  const { readings } = served.result.figures;
  try {
    const budget = watch.budgetOf(shadow.version);
    const startedMs = clock.monotonicMs();
    const result = await within(clock, budget.mayTakeMs(readings, served.tookMs), shadow.process(blocks));
    budget.spend(clock.monotonicMs() - startedMs, readings, served.tookMs);
    return compareScores(served.result, result);
  } catch (error) {
    watch.letGo(memory, shadow.version, error);
    return null;
  }
}
