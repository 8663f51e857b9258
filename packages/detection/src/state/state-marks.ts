import type { SeriesBook } from '../series/series-book.ts';
import { callAt, watcherAt } from '../series/series-slot.ts';
import { seriesWords } from '../series/series-times.ts';
import { followBlocks, hashSlotWords } from './changed-blocks.ts';
import { SlotPointer } from './memory.ts';
import type { Sliced } from './sliced.ts';
import { SlotStore } from './slot-store.ts';
import type { StateWriter } from './state-codec.ts';

/** Words of a mark: hashes of the series' own slot, the call that it was part of last, and how many units it had. */
const ownHashWords = hashSlotWords(seriesWords);
const markedCall = ownHashWords;
const markedUnits = ownHashWords + 1;

/**
 * A mark in the life of all series: what has changed since can be written, which moves the mark. Series that were part
 * of no call are not even looked at. It takes about an eighth of the memory of what it watches, in slots of the same
 * numbers.
 */
export class StateMarks {
  readonly #book: SeriesBook;
  readonly #unitWords: number;
  readonly #watcher: number;
  readonly #marks = new SlotStore(ownHashWords + 2);
  readonly #unitHashes: SlotStore;
  readonly #slot = new SlotPointer();
  readonly #mark = new SlotPointer();
  /** About what the next changes will take: as much as the last ones. */
  expectedBytes = 4096;

  /** @param unitWords size of every unit, which must stay the same */
  constructor(book: SeriesBook, unitWords: number) {
    this.#book = book;
    this.#unitWords = unitWords;
    this.#unitHashes = new SlotStore(hashSlotWords(unitWords));
    this.#watcher = book.watch();
  }

  /** Moves the mark to what is now; a new one is nowhere. */
  *move(): Sliced<void> {
    this.#book.takeDropped();
    for (const [key, series] of this.#book.all()) {
      if (!this.#hasChanged(series)) continue;
      this.#follow(key, series, null);
      yield 'step';
    }
  }

  /** Writes what is otherwise than at the mark, and moves it: series that are gone, then those that have changed. */
  *write(to: StateWriter): Sliced<void> {
    const gone = this.#book.takeDropped();
    to.u32(gone.length);
    for (const key of gone) to.text(key);
    const changed: [key: string, series: number][] = [];
    for (const [key, series] of this.#book.all()) if (this.#hasChanged(series)) changed.push([key, series]);
    to.u32(changed.length);
    for (const [key, series] of changed) {
      this.#follow(key, series, to);
      yield 'step';
    }
  }

  /** Whether a series was part of a call since: nothing in it changes but in calls. Marks it. */
  #hasChanged(series: number): boolean {
    this.#book.point(series, this.#slot);
    this.#marks.reach(series);
    this.#marks.point(series, this.#mark);
    const { i32 } = this.#slot.memory;
    const marks = this.#mark.memory.i32;
    const call = i32[this.#slot.at + callAt] ?? 0;
    if (i32[this.#slot.at + watcherAt] === this.#watcher) {
      if (marks[this.#mark.at + markedCall] === call) return false;
    } else {
      i32[this.#slot.at + watcherAt] = this.#watcher;
      this.#marks.clear(series);
    }
    marks[this.#mark.at + markedCall] = call;
    return true;
  }

  #follow(key: string, series: number, to: StateWriter | null): void {
    const book = this.#book;
    const mark = this.#marks.slot(series);
    const tracker = book.tracker(series);
    to?.text(key);
    to?.u8(tracker === null ? 0 : 1);
    if (to !== null) tracker?.write(to);
    followBlocks({ slot: book.slot(series), words: seriesWords, hashes: mark }, to);
    const units = book.units(series);
    const known = mark.memory.i32[mark.at + markedUnits] ?? 0;
    to?.u32(units.length);
    for (const [place, { name, unit }] of units.entries()) {
      this.#unitHashes.reach(unit);
      if (place >= known) this.#unitHashes.clear(unit);
      to?.text(name);
      followBlocks(
        { slot: book.unitSlot(unit), words: this.#unitWords, hashes: this.#unitHashes.slot(unit) },
        to,
      );
    }
    mark.memory.i32[mark.at + markedUnits] = units.length;
  }
}
