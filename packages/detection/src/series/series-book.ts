import type { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import type { Slot, SlotPointer } from '../state/memory.ts';
import { SlotStore } from '../state/slot-store.ts';
import { moveRows } from '../unit/reading-ring.ts';
import type { UnitShape } from '../unit/unit-state.ts';
import { seriesSlotWords, unitAt, watcherAt } from './series-slot.ts';
import { type NamedUnit, SeriesUnits } from './series-units.ts';

/**
 * All series with their units. A series is told by a number, behind which a slot lies; there is no object for each, only
 * for those that are in an anomaly or rest after one, and for those with several units.
 */
export class SeriesBook {
  readonly #numbers = new Map<string, number>();
  readonly #slots = new SlotStore(seriesSlotWords);
  readonly #trackers = new Map<number, AnomalyTracker>();
  #units: SeriesUnits;
  #watcher = 0;
  #dropped: string[] = [];

  constructor(shape: UnitShape) {
    this.#units = new SeriesUnits(shape.words);
  }

  get size(): number {
    return this.#numbers.size;
  }

  /** Number of a series; −1 when it is not known. */
  find(key: string): number {
    return this.#numbers.get(key) ?? -1;
  }

  add(key: string): number {
    const series = this.#slots.take();
    this.#numbers.set(key, series);
    return series;
  }

  remove(key: string): boolean {
    const series = this.#numbers.get(key);
    if (series === undefined) return false;
    const slot = this.slot(series);
    if (slot.memory.i32[slot.at + watcherAt] === this.#watcher && this.#watcher > 0) this.#dropped.push(key);
    this.#numbers.delete(key);
    this.#trackers.delete(series);
    this.#units.drop(series, slot);
    this.#slots.give(series);
    return true;
  }

  /** Keys and numbers, in whatever order. */
  all(): Iterable<[key: string, series: number]> {
    return this.#numbers;
  }

  /** In the order of the keys. */
  *inOrder(): Iterable<[key: string, series: number]> {
    for (const key of [...this.#numbers.keys()].sort()) {
      const series = this.#numbers.get(key);
      if (series !== undefined) yield [key, series];
    }
  }

  /** Points to a series' own slot. */
  point(series: number, pointer: SlotPointer): void {
    this.#slots.point(series, pointer);
  }

  slot(series: number): Slot {
    return this.#slots.slot(series);
  }

  /** `null` while the series is quiet, which most are most of the time. */
  tracker(series: number): AnomalyTracker | null {
    return this.#trackers.size === 0 ? null : (this.#trackers.get(series) ?? null);
  }

  setTracker(series: number, tracker: AnomalyTracker | null): void {
    if (tracker === null) this.#trackers.delete(series);
    else this.#trackers.set(series, tracker);
  }

  /** In the order in which they came to be. */
  units(series: number): readonly NamedUnit[] {
    return this.#units.of(series, this.slot(series));
  }

  /**
   * Number of the unit of this name, made when it is first needed; −1 when the series has too many.
   * @param slot the series' own
   */
  unit(series: number, slot: Slot, name: string): number {
    return this.#units.unit(series, slot, name);
  }

  /** See {@link SeriesUnits.columns}. */
  columns(series: number, slot: Slot, signals: readonly string[]): number[] | null {
    return this.#units.columns(series, slot, signals);
  }

  pointUnit(unit: number, pointer: SlotPointer): void {
    this.#units.slots.point(unit, pointer);
  }

  unitSlot(unit: number): Slot {
    return this.#units.slots.slot(unit);
  }

  /** Lets all units start anew, in another shape. */
  dropUnits(shape: UnitShape): void {
    this.#units = new SeriesUnits(shape.words);
    for (const series of this.#numbers.values()) this.#forgetUnits(series);
  }

  /** Gives all units another shape for the same signals. */
  reshapeUnits(was: UnitShape, shape: UnitShape): void {
    const before = this.#units;
    this.#units = new SeriesUnits(shape.words);
    for (const series of this.#numbers.values()) {
      const units = before.of(series, this.slot(series));
      this.#forgetUnits(series);
      for (const { name, unit } of units) {
        const from = before.slots.slot(unit);
        const to = this.unitSlot(this.unit(series, this.slot(series), name));
        to.memory.i32.set(from.memory.i32.subarray(from.at, from.at + shape.sameWords), to.at);
        moveRows(was, from, shape, to);
      }
    }
  }

  #forgetUnits(series: number): void {
    const { memory, at } = this.slot(series);
    memory.i32[at + unitAt] = 0;
  }

  /**
   * Begins to tell which series are dropped, to one watcher at a time: of those into whose slots it has written its
   * number.
   * @returns the watcher's number
   */
  watch(): number {
    this.#watcher += 1;
    this.#dropped = [];
    return this.#watcher;
  }

  /** Keys of watched series that were dropped since this was asked last. One may be known again: then it is another. */
  takeDropped(): string[] {
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }
}
