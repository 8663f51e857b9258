import { rowAt, type TrainingBlock } from './training-block.ts';

/** A stretch of one series of which people said what it was. */
export interface KnownEvent {
  readonly kind: 'confirmed' | 'false-alarm' | 'missed';
  readonly series: string;
  /** Epoch ms, both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the candidate learnt it, so that it proves nothing. */
  readonly taught: boolean;
}

/** Readings around an event in which an alarm belongs to it: verdicts mark where it was seen, not where it began. */
export const eventMargin = 8;

/** Finds where events lie in history, margins included. */
export class EventPlaces {
  readonly #blocks: ReadonlyMap<string, readonly TrainingBlock[]>;

  constructor(blocks: readonly TrainingBlock[]) {
    this.#blocks = Map.groupBy(blocks, ({ series }) => series);
  }

  /** First and last event time that belong to the event; null when it has no reading in the history. */
  of({ series, fromMs, toMs }: Pick<KnownEvent, 'series' | 'fromMs' | 'toMs'>): [number, number] | null {
    const blocks = this.#blocks.get(series) ?? [];
    const first = blocks.reduce((rows, block) => rows + rowAt(block, fromMs), 0);
    const behind = blocks.reduce((rows, block) => rows + rowAt(block, toMs + 1), 0);
    if (behind <= first) return null;
    const last = blocks.reduce((rows, { times }) => rows + times.length, 0) - 1;
    const from = timeOf(blocks, Math.max(0, first - eventMargin));
    return [from, timeOf(blocks, Math.min(last, behind - 1 + eventMargin))];
  }
}

/** Event time of a row, counted over all blocks of a series, which ascend. */
function timeOf(blocks: readonly TrainingBlock[], row: number): number {
  let left = row;
  for (const { times } of blocks) {
    if (left < times.length) return times[left] ?? Number.NaN;
    left -= times.length;
  }
  return Number.NaN;
}
