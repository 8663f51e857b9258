import { mostSignals } from '../detection-settings.ts';
import type { Slot } from '../state/memory.ts';
import { SlotStore } from '../state/slot-store.ts';
import { moveRows } from '../unit/reading-ring.ts';
import type { UnitShape } from '../unit/unit-state.ts';
import { Series } from './series.ts';
import { seriesWords } from './series-times.ts';

/** All series with their units. */
export class SeriesBook {
  readonly #series = new Map<string, Series>();
  readonly #seriesSlots = new SlotStore(seriesWords);
  #unitSlots: SlotStore;

  constructor(shape: UnitShape) {
    this.#unitSlots = new SlotStore(shape.words);
  }

  get size(): number {
    return this.#series.size;
  }

  get(key: string): Series | undefined {
    return this.#series.get(key);
  }

  add(key: string): Series {
    const series = new Series(key, this.#seriesSlots.take());
    this.#series.set(key, series);
    return series;
  }

  remove(key: string): boolean {
    const series = this.#series.get(key);
    if (series === undefined) return false;
    this.#series.delete(key);
    this.#seriesSlots.give(series.slot);
    for (const unit of series.units) this.#unitSlots.give(unit);
    return true;
  }

  /** In whatever order. */
  all(): Iterable<Series> {
    return this.#series.values();
  }

  /** In the order of the keys. */
  *inOrder(): Iterable<Series> {
    for (const key of [...this.#series.keys()].sort()) {
      const series = this.#series.get(key);
      if (series !== undefined) yield series;
    }
  }

  /** The unit of this name, made when it is first needed; `undefined` when the series has too many. */
  unit(series: Series, name: string): Slot | undefined {
    const known = series.units[series.unitNames.indexOf(name)];
    if (known !== undefined || series.units.length >= mostSignals) return known;
    const unit = this.#unitSlots.take();
    // Arrays of exactly their length: there is one per series, and pushing makes room for many more.
    series.unitNames = [...series.unitNames, name];
    series.units = [...series.units, unit];
    return unit;
  }

  /** Lets all units start anew, in another shape. */
  dropUnits(shape: UnitShape): void {
    this.#unitSlots = new SlotStore(shape.words);
    for (const series of this.#series.values()) {
      series.unitNames = [];
      this.#replaceUnits(series, []);
    }
  }

  /** Gives all units another shape for the same signals. */
  reshapeUnits(was: UnitShape, shape: UnitShape): void {
    this.#unitSlots = new SlotStore(shape.words);
    for (const series of this.#series.values()) {
      const units = series.units.map((from) => {
        const to = this.#unitSlots.take();
        to.memory.i32.set(from.memory.i32.subarray(from.at, from.at + shape.sameWords), to.at);
        moveRows(was, from, shape, to);
        return to;
      });
      this.#replaceUnits(series, units);
    }
  }

  #replaceUnits(series: Series, units: Slot[]): void {
    series.units = units;
    series.signals = [];
    series.signalUnits = [];
  }
}
