import type { DetectionModel } from '../detection-model.ts';
import { unitWidth } from '../detection-settings.ts';
import type { ReadingFigures } from '../reading-figures.ts';
import { isProvisional } from '../signal/error-histogram.ts';
import { deviationOf } from '../signal/robust-scale.ts';
import { rowErrorsPart, scalePart, signalWords } from '../signal/signal-state.ts';
import type { Slot } from '../state/memory.ts';
import { takeCounts } from './counter-rate.ts';
import { takeTime } from './intervals.ts';
import { judgeReading } from './judge-reading.ts';
import { learnReading } from './learn-reading.ts';
import { NetworkView } from './network-view.ts';
import { cleanAt } from './reading-ring.ts';
import { hasWindow, settledReadings } from './scaled-window.ts';
import { Thresholds } from './thresholds.ts';
import { UnitMark, type UnitReadings } from './unit-readings.ts';
import {
  distrustFor,
  flaggedRun,
  intervalsPart,
  rowCount,
  rowsSinceGap,
  UnitShape,
  unsettled,
} from './unit-state.ts';

/**
 * Scores readings of units, a unit being what is scored by itself: one signal of a series, or the declared signals of
 * a series together. Holds what follows from the model; all state is in the units' slots.
 */
export class UnitScorer {
  readonly model: DetectionModel;
  readonly shape: UnitShape;
  readonly window: number;
  readonly thresholds: Thresholds;
  /** `null` without a net. */
  readonly view: NetworkView | null;
  readonly habits: boolean;
  readonly #gapIntervals: number;

  constructor(model: DetectionModel, gapIntervals: number) {
    const width = unitWidth(model.settings);
    this.model = model;
    this.window = model.settings.window;
    this.habits = model.settings.recurring === 'habit';
    this.shape = new UnitShape(width, this.habits);
    this.thresholds = new Thresholds(model);
    this.view = model.network === null ? null : new NetworkView(this.window, width, !this.habits);
    this.#gapIntervals = gapIntervals;
  }

  isWarming({ memory, at }: Slot): boolean {
    return (memory.i32[at + rowCount] ?? 0) < this.model.settings.warmupReadings;
  }

  /**
   * Takes a reading in.
   * @param offset where its windows begin in the network's input, if the net is to look at it
   * @returns whether it is
   */
  begin(readings: UnitReadings, reading: number, time: number, offset: number): boolean {
    const unit = readings.units[reading];
    if (unit === undefined) throw new RangeError(`there is no reading ${reading}`);
    const { memory, at } = unit;
    const { i32, u8, u16 } = memory;
    readings.times[reading] = time;
    takeCounts(this.shape, unit, readings, reading);
    const gap = takeTime(memory, at + intervalsPart, time, this.#gapIntervals);
    const warming = this.isWarming(unit);
    readings.marks[reading] =
      (gap ? UnitMark.gap : 0) |
      (warming ? UnitMark.warming : 0) |
      (!warming && this.#isProvisional(unit) ? UnitMark.provisional : 0) |
      ((u16[(at << 1) + flaggedRun] ?? 0) >= distrustFor ? UnitMark.believed : 0) |
      (u8[(at << 2) + unsettled] === 0 ? UnitMark.settled : 0);
    const looks =
      this.view !== null &&
      !warming &&
      !gap &&
      (i32[at + rowCount] ?? 0) >= settledReadings &&
      hasWindow(u16[(at << 1) + rowsSinceGap] ?? 0, this.window);
    readings.offset[reading] = looks ? offset : -1;
    return looks;
  }

  #isProvisional({ memory, at }: Slot): boolean {
    const { width, signals } = this.shape;
    for (let column = 0; column < width; column += 1)
      if (!isProvisional(memory, at + signals + column * signalWords + rowErrorsPart)) return false;
    return true;
  }

  /** Numbers that the net gets per reading. */
  get networkSize(): number {
    return this.view?.size ?? 0;
  }

  /** Writes what the net is to see of a reading, if it looks at it. */
  fill(readings: UnitReadings, reading: number, into: Float32Array): void {
    const unit = readings.units[reading];
    const offset = readings.offset[reading] ?? -1;
    if (unit === undefined || this.view === null || offset < 0) return;
    const { shape } = this;
    this.view.fill({ shape, unit, back: 0 }, readings.values, reading * shape.width, into, offset);
  }

  /**
   * Scores the reading, then learns from it.
   * @param distrusted known to be part of an anomaly: treated as flagged whatever its score
   * @param figures where it is counted when it is not flagged and the model itself said what to expect
   */
  finish(readings: UnitReadings, reading: number, distrusted: boolean, figures: ReadingFigures | null): void {
    const unit = readings.units[reading];
    if (unit === undefined) return;
    judgeReading(this, unit, readings, reading);
    const flagged = distrusted || (readings.score[reading] ?? 0) > 0.5;
    const warming = ((readings.marks[reading] ?? 0) & UnitMark.warming) !== 0;
    const judged = this.view === null || (readings.offset[reading] ?? -1) >= 0;
    if (figures !== null && !flagged && !warming && judged) this.#note(figures, unit, readings, reading);
    learnReading(this, unit, readings, reading, distrusted);
  }

  #note(figures: ReadingFigures, unit: Slot, readings: UnitReadings, reading: number): void {
    const { width, signals } = this.shape;
    const { memory, at } = unit;
    const first = reading * width;
    const before = cleanAt(this.shape, unit, 1);
    const turn = memory.i32[at + rowCount] ?? 0;
    for (let column = 0; column < width; column += 1) {
      const value = readings.values[first + column] ?? Number.NaN;
      const deviation = deviationOf(memory, at + signals + column * signalWords + scalePart);
      const error = Math.abs(value - (readings.expected[first + column] ?? Number.NaN)) / deviation;
      const step = (value - (memory.f32[before + column] ?? Number.NaN)) / deviation;
      figures.note(error, step, turn);
    }
  }
}
