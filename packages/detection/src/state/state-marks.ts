import type { Series } from '../series/series.ts';
import type { SeriesBook } from '../series/series-book.ts';
import { seriesWords } from '../series/series-times.ts';
import { followBlocks, hashSlotWords } from './changed-blocks.ts';
import type { Slot } from './memory.ts';
import { SlotStore } from './slot-store.ts';
import type { StateWriter } from './state-codec.ts';

/** What is remembered of a series to tell what has changed in it. */
interface Mark {
  readonly series: Series;
  /** Number of the call that it was part of last: nothing in it changes but in calls. */
  call: number;
  /** Hashes of its own slot. */
  readonly own: Slot;
  /** Hashes of its units, in the order in which they came to be. */
  readonly units: Slot[];
}

/**
 * A mark in the life of all series: what has changed since can be written, which moves the mark. Series that were part
 * of no call are not even looked at. It takes about an eighth of the memory of what it watches.
 */
export class StateMarks {
  readonly #book: SeriesBook;
  readonly #unitWords: number;
  readonly #marks = new Map<string, Mark>();
  readonly #ownHashes = new SlotStore(hashSlotWords(seriesWords));
  readonly #unitHashes: SlotStore;
  /** About what the next changes will take: as much as the last ones. */
  expectedBytes = 4096;

  /** @param unitWords size of every unit, which must stay the same */
  constructor(book: SeriesBook, unitWords: number) {
    this.#book = book;
    this.#unitWords = unitWords;
    this.#unitHashes = new SlotStore(hashSlotWords(unitWords));
    this.move();
  }

  /** Moves the mark to what is now. */
  move(): void {
    this.#gone();
    for (const series of this.#book.all()) {
      const mark = this.#changed(series);
      if (mark !== null) this.#follow(mark, null);
    }
  }

  /** Writes what is otherwise than at the mark, and moves it: series that are gone, then those that have changed. */
  write(to: StateWriter): void {
    const gone = this.#gone();
    to.u32(gone.length);
    for (const key of gone) to.text(key);
    const changed: Mark[] = [];
    for (const series of this.#book.all()) {
      const mark = this.#changed(series);
      if (mark !== null) changed.push(mark);
    }
    to.u32(changed.length);
    for (const mark of changed) this.#follow(mark, to);
  }

  /** Keys of series that were dropped since; their marks go too. */
  #gone(): string[] {
    const gone: string[] = [];
    for (const [key, { series, own, units }] of this.#marks) {
      // One that was dropped and came back is another one.
      if (this.#book.get(key) === series) continue;
      gone.push(key);
      this.#ownHashes.give(own);
      for (const unit of units) this.#unitHashes.give(unit);
      this.#marks.delete(key);
    }
    return gone;
  }

  #changed(series: Series): Mark | null {
    const known = this.#marks.get(series.key);
    if (known === undefined) {
      const mark = { series, call: series.call, own: this.#ownHashes.take(), units: [] };
      this.#marks.set(series.key, mark);
      return mark;
    }
    if (known.call === series.call) return null;
    known.call = series.call;
    return known;
  }

  #follow({ series, own, units }: Mark, to: StateWriter | null): void {
    to?.text(series.key);
    to?.u8(series.tracker === null ? 0 : 1);
    if (to !== null) series.tracker?.write(to);
    followBlocks({ slot: series.slot, words: seriesWords, hashes: own }, to);
    to?.u32(series.units.length);
    for (const [place, unit] of series.units.entries()) {
      let hashes = units[place];
      if (hashes === undefined) {
        hashes = this.#unitHashes.take();
        units.push(hashes);
      }
      to?.text(series.unitNames[place] ?? '');
      followBlocks({ slot: unit, words: this.#unitWords, hashes }, to);
    }
  }
}
