import type { AnomalyChange, LateReading, ScoredBlock } from '../engine-result.ts';
import type { SeriesBlock } from '../series-block.ts';
import { acceptRow, closeBlock, type OpenBlock, OpenBlocks } from './open-block.ts';
import type { Series } from './series.ts';
import type { SeriesBook } from './series-book.ts';
import { newestTime, readingCount, refusal } from './series-times.ts';

/** The readings of one call, per series in the order in which they came, and what comes of them. */
export class CallQueue {
  /** Series with readings that have not been looked at. */
  readonly active: Series[] = [];
  #blocks: readonly SeriesBlock[] = [];
  #open: OpenBlock[] = [];
  /** Per block: the next one of the same series, −1 = none. */
  #following = new Int32Array(0);
  /** Per block: rows taken. */
  #accepted = new Int32Array(0);
  readonly #series: Series[] = [];
  #refused: { block: number; late: LateReading }[] = [];
  /** Block and row of the reading that {@link next} found. */
  block = 0;
  row = 0;
  time = 0;

  /** @param blocks each of the right shape */
  start(blocks: readonly SeriesBlock[], book: SeriesBook): void {
    this.#blocks = blocks;
    this.#open = [];
    this.#refused = [];
    this.#series.length = 0;
    this.active.length = 0;
    if (this.#following.length < blocks.length) {
      this.#following = new Int32Array(2 * blocks.length);
      this.#accepted = new Int32Array(2 * blocks.length);
    }
    const open = new OpenBlocks(blocks);
    for (let at = 0; at < blocks.length; at += 1) {
      const given = blocks[at];
      if (given === undefined) continue;
      const series = book.get(given.series) ?? book.add(given.series);
      this.#following[at] = -1;
      this.#accepted[at] = 0;
      this.#open.push(open.open(given));
      if (series.isInCall) this.#following[series.lastBlock] = at;
      else {
        series.nextBlock = at;
        this.#series.push(series);
        this.active.push(series);
      }
      series.lastBlock = at;
    }
  }

  given(block: number): SeriesBlock {
    const given = this.#blocks[block];
    if (given === undefined) throw new RangeError(`there is no block ${block}`);
    return given;
  }

  /** Takes over a row that is being scored. @returns its number among those taken, and where to write about it */
  accept(block: number, row: number): { open: OpenBlock; at: number } {
    const open = this.#open[block];
    if (open === undefined) throw new RangeError(`there is no block ${block}`);
    const at = this.#accepted[block] ?? 0;
    acceptRow(open, this.given(block), row, at);
    this.#accepted[block] = at + 1;
    place.open = open;
    place.at = at;
    return place;
  }

  /** Finds a series' next reading that can be scored; those before it are refused. @returns whether there is one */
  next(series: Series): boolean {
    const { memory, at } = series.slot;
    while (series.nextBlock >= 0) {
      const block = series.nextBlock;
      const { times } = this.given(block);
      const newest = newestTime(memory, at);
      while (series.nextRow < times.length) {
        const row = series.nextRow;
        const time = times[row] ?? Number.NaN;
        series.nextRow = row + 1;
        if (time > newest) {
          this.block = block;
          this.row = row;
          this.time = time;
          return true;
        }
        const kind = refusal(memory, at, time);
        this.#refused.push({ block, late: { series: series.key, time, kind } });
      }
      series.nextBlock = this.#following[block] ?? -1;
      series.nextRow = 0;
    }
    return false;
  }

  /** Ends the call; a series of which nothing was ever taken is not known. */
  finish(book: SeriesBook): { scored: ScoredBlock[]; anomalies: AnomalyChange[]; refused: LateReading[] } {
    const scored: ScoredBlock[] = [];
    for (let at = 0; at < this.#open.length; at += 1) {
      const [open, accepted] = [this.#open[at], this.#accepted[at] ?? 0];
      if (open !== undefined && accepted > 0) scored.push(closeBlock(open, accepted));
    }
    const anomalies: AnomalyChange[] = [];
    for (const series of this.#series) {
      if (series.changes !== null) anomalies.push(...series.changes);
      series.endCall();
      if (readingCount(series.slot.memory, series.slot.at) === 0) book.remove(series.key);
    }
    const refused = this.#refused.sort((a, b) => a.block - b.block).map(({ late }) => late);
    this.#blocks = [];
    this.#open = [];
    return { scored, anomalies, refused };
  }
}

/** Filled in anew by every call of `accept`. */
const place: { open: OpenBlock; at: number } = { open: emptyBlock(), at: 0 };

function emptyBlock(): OpenBlock {
  return new OpenBlocks([]).open({
    series: '',
    signals: [],
    times: new Float64Array(0),
    values: new Float32Array(0),
  });
}
