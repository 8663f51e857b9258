import { mostSignals } from '../detection-settings.ts';
import type { Slot } from '../state/memory.ts';
import { SlotStore } from '../state/slot-store.ts';
import { nameAt, unitAt } from './series-slot.ts';
import { sameSignals } from './unit-columns.ts';

/** A unit of a series. */
export interface NamedUnit {
  /** Its signal; that of a model with a declared list has the empty name. */
  readonly name: string;
  /** Number of its slot. */
  readonly unit: number;
}

/** The units of a series that has several. */
interface UnitList {
  readonly units: NamedUnit[];
  /** Signals of the newest block, and the unit of each; −1 = there is none yet. */
  signals: readonly string[];
  columns: number[];
}

/**
 * Which units the series have. Of a series with one unit, as most have, its own slot says which; those with several have
 * a list.
 */
export class SeriesUnits {
  readonly slots: SlotStore;
  /** Names of units: as many as there are different ones. */
  readonly #names: string[] = [];
  readonly #nameNumbers = new Map<string, number>();
  readonly #lists = new Map<number, UnitList>();

  /** @param words size of a unit */
  constructor(words: number) {
    this.slots = new SlotStore(words);
  }

  /** The unit of this name, made when it is first needed; −1 when the series has too many. */
  unit(series: number, slot: Slot, name: string): number {
    const { i32 } = slot.memory;
    const one = i32[slot.at + unitAt] ?? 0;
    if (one > 0 && this.#names[i32[slot.at + nameAt] ?? 0] === name) return one - 1;
    if (one === 0) {
      const unit = this.slots.take();
      i32[slot.at + unitAt] = unit + 1;
      i32[slot.at + nameAt] = this.#nameNumber(name);
      return unit;
    }
    const list = this.#lists.get(series) ?? this.#makeList(series, slot);
    const known = list.units.find((unit) => unit.name === name);
    if (known !== undefined) return known.unit;
    if (list.units.length >= mostSignals) return -1;
    const unit = this.slots.take();
    list.units.push({ name, unit });
    return unit;
  }

  /** In the order in which they came to be. */
  of(series: number, { memory, at }: Slot): readonly NamedUnit[] {
    const list = this.#lists.get(series);
    if (list !== undefined) return list.units;
    const one = memory.i32[at + unitAt] ?? 0;
    return one === 0 ? [] : [{ name: this.#names[memory.i32[at + nameAt] ?? 0] ?? '', unit: one - 1 }];
  }

  /**
   * Per signal of a block its unit, −1 = there is none yet, which may be filled in; `null` for a series with one unit at
   * most.
   */
  columns(series: number, { memory, at }: Slot, signals: readonly string[]): number[] | null {
    if ((memory.i32[at + unitAt] ?? 0) >= 0) return null;
    const list = this.#lists.get(series);
    if (list === undefined) return null;
    if (!sameSignals(signals, list.signals)) {
      list.signals = signals;
      list.columns = signals.map((name) => list.units.find((unit) => unit.name === name)?.unit ?? -1);
    }
    return list.columns;
  }

  /** Lets go of all units of a series. */
  drop(series: number, slot: Slot): void {
    for (const { unit } of this.of(series, slot)) this.slots.give(unit);
    this.#lists.delete(series);
    slot.memory.i32[slot.at + unitAt] = 0;
  }

  #makeList(series: number, slot: Slot): UnitList {
    const list = { units: [...this.of(series, slot)], signals: [], columns: [] };
    this.#lists.set(series, list);
    slot.memory.i32[slot.at + unitAt] = -1;
    return list;
  }

  #nameNumber(name: string): number {
    const known = this.#nameNumbers.get(name);
    if (known !== undefined) return known;
    this.#nameNumbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }
}
