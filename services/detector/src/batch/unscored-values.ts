import type { ReadingBlock } from '@verdict/streams';

/** Values of readings that no score looks at. */
export interface UnscoredValues {
  /** Null, or of a signal that the model names and the reading has not. */
  readonly missing: number;
  /** Of signals that the model does not name; history has them. */
  readonly unknownSignal: number;
}

/** Counts them. Where each signal is scored by itself none is unknown, and none can be expected. */
export function countUnscored(
  blocks: readonly Pick<ReadingBlock, 'signals' | 'times' | 'values'>[],
  signals: 'each' | readonly string[],
): UnscoredValues {
  let missing = 0;
  let unknownSignal = 0;
  for (const block of blocks) {
    const columns = block.signals.length;
    const rows = block.times.length;
    const unknown = signals === 'each' ? 0 : block.signals.filter((name) => !signals.includes(name)).length;
    unknownSignal += unknown * rows;
    if (signals !== 'each') missing += (signals.length - (columns - unknown)) * rows;
    const { values } = block;
    for (let cell = 0; cell < values.length; cell += 1) if (Number.isNaN(values[cell])) missing += 1;
  }
  return { missing, unknownSignal };
}
