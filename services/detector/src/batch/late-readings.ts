import type { LateReading } from '@verdict/detection';
import type { DeadLetter } from '@verdict/storage';
import { encodeReadings, type GatheredBlock } from '@verdict/streams';

/** Where it is known which readings were taken before. */
export interface KnownReadings {
  /** In memory and on its way to history. */
  inMemory(series: string, timeMs: number): boolean;
  /** Answers in the same order. */
  inHistory(readings: readonly { series: string; timeMs: number }[]): Promise<boolean[]>;
}

/**
 * Tells repeated readings from late ones. The engine knows the recent times of a series; older ones are looked
 * up. A repeated reading is only counted; one that is really late becomes a dead letter with its values.
 */
export async function judgeLate(
  refused: readonly LateReading[],
  blocks: readonly GatheredBlock[],
  known: KnownReadings,
): Promise<{ duplicates: number; late: DeadLetter[] }> {
  const unsure = refused.filter(({ kind, series, time }) => kind === 'late' && !known.inMemory(series, time));
  if (unsure.length === 0) return { duplicates: refused.length, late: [] };
  const written = await known.inHistory(unsure.map(({ series, time }) => ({ series, timeMs: time })));
  const late = unsure.filter((_, index) => written[index] !== true);
  return { duplicates: refused.length - late.length, late: deadLetters(late, blocks) };
}

/** Finds each late reading in the blocks; both are in the same order. */
function deadLetters(late: readonly LateReading[], blocks: readonly GatheredBlock[]): DeadLetter[] {
  const letters: DeadLetter[] = [];
  for (const block of blocks) {
    for (let row = 0; row < block.times.length; row += 1) {
      const next = late[letters.length];
      if (next === undefined) return letters;
      if (next.series === block.series && next.time === block.times[row])
        letters.push(lateLetter(block, row));
    }
  }
  return letters;
}

function lateLetter(block: GatheredBlock, row: number): DeadLetter {
  const { sequences, series, signals } = block;
  const times = block.times.slice(row, row + 1);
  const values = block.values.slice(row * signals.length, (row + 1) * signals.length);
  return {
    sequence: sequences[row] ?? -1,
    series,
    timeMs: times[0] ?? null,
    reason: 'late',
    detail: 'older than the newest reading of its series, and not in history',
    payload: encodeReadings([{ series, signals, times, values }]),
  };
}
