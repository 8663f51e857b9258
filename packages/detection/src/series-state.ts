import { AnomalyTracker } from './anomaly-tracker.ts';
import type { DetectionModel } from './detection-model.ts';
import { mostSignals, unitWidth } from './detection-settings.ts';
import { IntervalTracker } from './interval-tracker.ts';
import { ringRows } from './reading-ring.ts';
import type { StateReader, StateWriter } from './state-codec.ts';
import { Unit } from './unit.ts';

/** Name of the one unit of a model with a declared list; signals of `each` go by their own names. */
const declaredUnit = '';

/** A unit and where its signals stand in a block; −1 = not in the block. */
export interface UnitColumns {
  readonly name: string;
  readonly columns: readonly number[];
}

/** Everything the engine remembers of one series. */
export class SeriesState {
  readonly key: string;
  readonly tracker: AnomalyTracker;
  readonly #intervals = new IntervalTracker();
  readonly #times = new Float64Array(ringRows);
  readonly #units = new Map<string, Unit>();
  readings = 0;
  newestTime = Number.NEGATIVE_INFINITY;

  constructor(key: string) {
    this.key = key;
    this.tracker = new AnomalyTracker(key);
  }

  /** In order of the names. */
  units(): Unit[] {
    const names = [...this.#units.keys()].sort();
    return names.map((name) => this.#units.get(name)).filter((unit) => unit !== undefined);
  }

  isWarming(model: DetectionModel): boolean {
    for (const unit of this.#units.values()) if (!unit.isWarming(model)) return false;
    return true;
  }

  /** Why a reading of this time cannot be taken; `null` if it can. */
  refusal(time: number): 'duplicate' | 'late' | null {
    if (time > this.newestTime) return null;
    const kept = Math.min(this.readings, ringRows);
    // Repeated readings are mostly recent ones, so look from the newest back.
    for (let back = 1; back <= kept; back += 1) {
      const known = this.#times[(this.readings - back) % ringRows] ?? Number.NaN;
      if (known === time) return 'duplicate';
      if (known < time) return 'late';
    }
    return 'late';
  }

  /** Takes the time of an accepted reading. @returns whether a gap lies before it. */
  advance(time: number, gapIntervals: number): boolean {
    this.#times[this.readings % ringRows] = time;
    this.readings += 1;
    this.newestTime = time;
    return this.#intervals.isGap(time, gapIntervals);
  }

  /** The unit of this name, made when it is first needed; `null` when the series has too many. */
  unit(name: string, width: number): Unit | null {
    let unit = this.#units.get(name);
    if (unit === undefined) {
      if (this.#units.size >= mostSignals) return null;
      unit = new Unit(width);
      this.#units.set(name, unit);
    }
    return unit;
  }

  dropUnits(): void {
    this.#units.clear();
  }

  write(to: StateWriter): void {
    to.text(this.key);
    to.f64(this.readings);
    to.f64(this.newestTime);
    to.doubles(this.#times, Math.min(this.readings, ringRows));
    this.#intervals.write(to);
    this.tracker.write(to);
    const names = [...this.#units.keys()].sort();
    to.u32(names.length);
    for (const name of names) {
      to.text(name);
      this.#units.get(name)?.write(to);
    }
  }

  static read(from: StateReader, model: DetectionModel): SeriesState {
    const state = new SeriesState(from.text());
    state.readings = from.f64();
    state.newestTime = from.f64();
    from.doubles(state.#times, Math.min(state.readings, ringRows));
    state.#intervals.read(from);
    state.tracker.read(from);
    const units = from.u32(mostSignals);
    for (let i = 0; i < units; i += 1) {
      const unit = new Unit(unitWidth(model.settings));
      state.#units.set(from.text(), unit);
      unit.read(from);
    }
    return state;
  }
}

/** Which units a block with these signals feeds, and from where. */
export function unitColumns(model: DetectionModel, signals: readonly string[]): UnitColumns[] {
  const { signals: wanted } = model.settings;
  if (wanted === 'each') return signals.map((name, column) => ({ name, columns: [column] }));
  return [{ name: declaredUnit, columns: wanted.map((name) => signals.indexOf(name)) }];
}
