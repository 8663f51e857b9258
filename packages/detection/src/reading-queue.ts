import type { AnomalyChange, LateReading } from './engine-result.ts';
import { OpenBlock } from './open-block.ts';
import type { SeriesBlock } from './series-block.ts';
import type { SeriesState } from './series-state.ts';

/** One series' readings of one call, in the order in which they came. */
export class ReadingQueue {
  readonly state: SeriesState;
  readonly changes: AnomalyChange[] = [];
  readonly #blocks: QueuedBlock[] = [];
  #block = 0;
  #row = 0;

  constructor(state: SeriesState) {
    this.state = state;
  }

  add(given: SeriesBlock): QueuedBlock {
    const queued = { open: new OpenBlock(given), refused: [] };
    this.#blocks.push(queued);
    return queued;
  }

  /** The next reading that can be scored; the ones before it are refused. `null` at the end. */
  next(): { block: OpenBlock; row: number; time: number } | null {
    for (; this.#block < this.#blocks.length; this.#block += 1, this.#row = 0) {
      const queued = this.#blocks[this.#block];
      if (queued === undefined) return null;
      const { series, times } = queued.open.given;
      while (this.#row < times.length) {
        const row = this.#row;
        const time = times[row] ?? Number.NaN;
        this.#row += 1;
        const kind = this.state.refusal(time);
        if (kind === null) return { block: queued.open, row, time };
        queued.refused.push({ series, time, kind });
      }
    }
    return null;
  }
}

export interface QueuedBlock {
  readonly open: OpenBlock;
  readonly refused: LateReading[];
}
