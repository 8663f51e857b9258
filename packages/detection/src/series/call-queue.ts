import type { AnomalyChange, LateReading, ScoredBlock } from '../engine-result.ts';
import type { SeriesBlock } from '../series-block.ts';
import { SlotPointer } from '../state/memory.ts';
import { ScoredRows } from './scored-rows.ts';
import type { SeriesBook } from './series-book.ts';
import { callAt, placeAt } from './series-slot.ts';
import { newestTime, readingCount, refusal } from './series-times.ts';

/**
 * The readings of one call, per series in the order in which they came, and what comes of them. A series goes by its
 * place in the call: where it stands lies in arrays, for what lies in thousands of objects has to be fetched again and
 * again.
 */
export class CallQueue {
  /** Places of the series with readings that have not been looked at: the first {@link waiting} of these. */
  active = new Int32Array(0);
  waiting = 0;
  /** What is said about the rows. */
  rows = new ScoredRows([]);
  #call = 0;
  #blocks: readonly SeriesBlock[] = [];
  /** Per block: the next one of the same series, −1 = none. */
  #following = new Int32Array(0);
  /** Per block: rows taken. */
  #accepted = new Int32Array(0);
  /** Numbers of the series, by place. */
  #series = new Int32Array(0);
  readonly #slot = new SlotPointer();
  /** Series of the call. */
  size = 0;
  /** Per place: numbers of the series' next block and of its last one, −1 = none, and of its next row. */
  #nextBlock = new Int32Array(0);
  #lastBlock = new Int32Array(0);
  #nextRow = new Int32Array(0);
  /** Per place, where there are any. */
  readonly #changes = new Map<number, AnomalyChange[]>();
  #refused: { block: number; late: LateReading }[] = [];
  /** Readings and values that were given. */
  readings = 0;
  values = 0;
  /** Block and row of the reading that {@link next} found. */
  block = 0;
  row = 0;
  time = 0;

  /** @param blocks each of the right shape */
  start(blocks: readonly SeriesBlock[], book: SeriesBook): void {
    this.#call += 1;
    this.#blocks = blocks;
    this.rows = new ScoredRows(blocks);
    this.#refused = [];
    this.#changes.clear();
    this.size = 0;
    this.readings = 0;
    this.values = 0;
    if (this.#following.length < blocks.length) this.#grow(Math.ceil(1.25 * blocks.length));
    this.#accepted.fill(0, 0, blocks.length);
    for (let at = 0; at < blocks.length; at += 1) {
      const key = blocks[at]?.series ?? '';
      this.readings += blocks[at]?.times.length ?? 0;
      this.values += blocks[at]?.values.length ?? 0;
      const found = book.find(key);
      const series = found < 0 ? book.add(key) : found;
      book.point(series, this.#slot);
      const { i32 } = this.#slot.memory;
      const slotAt = this.#slot.at;
      this.#following[at] = -1;
      let place = i32[slotAt + placeAt] ?? 0;
      if (i32[slotAt + callAt] === this.#call) this.#following[this.#lastBlock[place] ?? 0] = at;
      else {
        place = this.size;
        this.size += 1;
        i32[slotAt + callAt] = this.#call;
        i32[slotAt + placeAt] = place;
        this.#series[place] = series;
        this.#nextBlock[place] = at;
        this.#nextRow[place] = 0;
      }
      this.#lastBlock[place] = at;
    }
    this.waiting = 0;
  }

  /** Begins with the next series of the call, at most so many. @returns the place of the first that is left */
  open(from: number, most: number): number {
    const end = Math.min(this.size, from + most);
    for (let place = from; place < end; place += 1) this.active[place - from] = place;
    this.waiting = end - from;
    return end;
  }

  /** Number of a series of the call. */
  series(place: number): number {
    const series = this.#series[place];
    if (series === undefined) throw new RangeError(`there is no series ${place}`);
    return series;
  }

  given(block: number): SeriesBlock {
    const given = this.#blocks[block];
    if (given === undefined) throw new RangeError(`there is no block ${block}`);
    return given;
  }

  /** Takes over a row that is being scored. @returns its number among those taken of its block */
  accept(block: number, row: number): number {
    const at = this.#accepted[block] ?? 0;
    if (row !== at) this.rows.accept(block, this.given(block), row, at);
    this.#accepted[block] = at + 1;
    return at;
  }

  /** Finds a series' next reading that can be scored; those before it are refused. @returns whether there is one */
  next(place: number, book: SeriesBook): boolean {
    book.point(this.series(place), this.#slot);
    const { memory, at } = this.#slot;
    while ((this.#nextBlock[place] ?? -1) >= 0) {
      const block = this.#nextBlock[place] ?? -1;
      const { series, times } = this.given(block);
      const newest = newestTime(memory, at);
      for (let row = this.#nextRow[place] ?? 0; row < times.length; row += 1) {
        const time = times[row] ?? Number.NaN;
        if (time > newest) {
          this.#nextRow[place] = row + 1;
          this.block = block;
          this.row = row;
          this.time = time;
          return true;
        }
        const kind = refusal(memory, at, time);
        this.#refused.push({ block, late: { series, time, kind } });
      }
      this.#nextBlock[place] = this.#following[block] ?? -1;
      this.#nextRow[place] = 0;
    }
    return false;
  }

  /** Notes what became of a series' anomaly. */
  addChange(place: number, change: AnomalyChange): void {
    const changes = this.#changes.get(place);
    if (changes === undefined) this.#changes.set(place, [change]);
    else changes.push(change);
  }

  /** Ends the call; a series of which nothing was ever taken is not known. */
  finish(book: SeriesBook): { scored: ScoredBlock[]; anomalies: AnomalyChange[]; refused: LateReading[] } {
    const scored: ScoredBlock[] = [];
    for (let at = 0; at < this.#blocks.length; at += 1) {
      const accepted = this.#accepted[at] ?? 0;
      const given = this.given(at);
      if (accepted > 0) scored.push(this.rows.close(at, given, accepted));
      else this.#forgetUnread(given.series, book);
    }
    const anomalies: AnomalyChange[] = [];
    for (const place of [...this.#changes.keys()].sort((a, b) => a - b))
      anomalies.push(...(this.#changes.get(place) ?? []));
    const refused = this.#refused.sort((a, b) => a.block - b.block).map(({ late }) => late);
    this.#blocks = [];
    this.rows = new ScoredRows([]);
    return { scored, anomalies, refused };
  }

  #forgetUnread(key: string, book: SeriesBook): void {
    const series = book.find(key);
    if (series < 0) return;
    const { memory, at } = book.slot(series);
    if (readingCount(memory, at) === 0) book.remove(key);
  }

  #grow(capacity: number): void {
    this.#following = new Int32Array(capacity);
    this.#series = new Int32Array(capacity);
    this.#accepted = new Int32Array(capacity);
    this.#nextBlock = new Int32Array(capacity);
    this.#lastBlock = new Int32Array(capacity);
    this.#nextRow = new Int32Array(capacity);
    this.active = new Int32Array(capacity);
  }
}
