import { builtInModel, type DetectionModel, Engine } from '@verdict/detection';
import { replayVersion } from './replay-version.ts';
import { rowAt, rowsOf, type TrainingBlock, timeAtShare } from './training-block.ts';

/** Readings that two versions are judged on at most: takes about a minute. */
const mostJudged = 1_500_000;
/** The oldest part of the history only makes the engines' state. */
const stateShare = 0.2;
/** Readings of a series that make its state; older ones leave no trace in it. */
const stateReadings = 4096;

/** History cut into the parts of an evaluation. */
export interface JudgedSpan {
  /** Makes the state that the engines start from. */
  readonly before: readonly TrainingBlock[];
  /** What judged events in history that the candidate learnt from are looked for in; may be empty. */
  readonly learnt: readonly TrainingBlock[];
  /** Not learnt from: quiet readings and probes are judged here too. */
  readonly heldBack: readonly TrainingBlock[];
  readonly fromMs: number;
}

/** Cuts history; `wholly`: judge more than what was held back, because there are judged events before it. */
export function judgedSpan(
  blocks: readonly TrainingBlock[],
  heldBackFrom: number,
  wholly: boolean,
  most: number = mostJudged,
): JudgedSpan {
  const readings = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const newest = readings > most ? timeAtShare(blocks, 1 - most / readings) : Number.NEGATIVE_INFINITY;
  const border = Math.max(heldBackFrom, newest);
  const fromMs = wholly ? Math.min(border, Math.max(newest, timeAtShare(blocks, stateShare))) : border;
  const cut = (from: number, to: number, atMost = Number.POSITIVE_INFINITY) =>
    blocks.map((block) => {
      const end = rowAt(block, to);
      return rowsOf(block, Math.max(rowAt(block, from), end - atMost), end);
    });
  return {
    before: cut(Number.NEGATIVE_INFINITY, fromMs, stateReadings),
    learnt: cut(fromMs, border),
    heldBack: cut(border, Number.POSITIVE_INFINITY),
    fromMs,
  };
}

/** The state in which the built-in version leaves history to a version with these settings, as in service. */
export async function stateBefore(
  before: readonly TrainingBlock[],
  settings: DetectionModel['settings'],
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const engine = new Engine({ model: builtInModel(settings) });
  await replayVersion({ engine, blocks: before, ...(signal && { signal }) });
  return engine.snapshot();
}
