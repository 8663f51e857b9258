import type { DetectionModel } from '../detection-model.ts';
import type { SeriesBlock } from '../series-block.ts';
import { SlotPointer } from '../state/memory.ts';
import { UnitReadings } from '../unit/unit-readings.ts';
import type { UnitScorer } from '../unit/unit-scorer.ts';
import { copyUnitValues, withinFloat32 } from '../unit/unit-values.ts';
import type { CallQueue } from './call-queue.ts';
import type { SeriesBook } from './series-book.ts';
import { advance } from './series-times.ts';
import { DeclaredColumns, declaredUnit } from './unit-columns.ts';

/** Windows in a full batch for a net (see `openNetwork`); all that belongs to their readings fits into the cache. */
const fullBatch = 480;
/** Units of one signal whose state stays in a processor's own cache of 1 MB, with some room for windows. */
const cachedUnits = 192;

/**
 * A part of a round: a reading of each of some series, between the two halves of scoring. Arrays have one entry per reading
 * of a series and are used again for the next round.
 */
export class Round {
  readonly scorer: UnitScorer;
  readonly readings: UnitReadings;
  /** Place of the series in the call. */
  place = new Int32Array(64);
  block = new Int32Array(64);
  /** Row in the block as given. */
  row = new Int32Array(64);
  time = new Float64Array(64);
  /** 1 = a gap lies before it. */
  gap = new Uint8Array(64);
  /** Its first one among the units' readings; they end where those of the next begin. */
  firstReading = new Int32Array(65);
  /** Per reading of a unit of `each`: column in the block. */
  readonly columns: number[] = [];
  /** Numbers for the net so far. */
  networkSize = 0;
  readonly #declared: DeclaredColumns | null;
  /** The series' own slot that is looked at. */
  readonly #slot = new SlotPointer();
  #count = 0;

  constructor(scorer: UnitScorer) {
    const { signals } = scorer.model.settings;
    this.scorer = scorer;
    this.readings = new UnitReadings(scorer.shape.width);
    this.#declared = signals === 'each' ? null : new DeclaredColumns(signals);
  }

  get model(): DetectionModel {
    return this.scorer.model;
  }

  /** Whether more readings would not make scoring any cheaper. */
  get isFull(): boolean {
    return this.readings.count * (this.scorer.view?.windows ?? 1) >= fullBatch;
  }

  /**
   * Series whose readings in a call are scored one behind the other before the next series are looked at: as many as the
   * cache holds the state of, so that it comes from memory once per call and not with each reading. Where there is but
   * one reading of each, a full batch for the net.
   */
  groupOf({ size, readings, values }: CallQueue): number {
    const units = this.#declared === null ? Math.max(1, values / Math.max(1, readings)) : 1;
    return Math.max(1, Math.floor((readings < 2 * size ? fullBatch : cachedUnits) / units));
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.networkSize = 0;
    this.readings.clear();
  }

  /** Takes a series' next reading apart into those of its units. */
  begin(place: number, queue: CallQueue, book: SeriesBook, gapIntervals: number): void {
    const { block, row, time } = queue;
    const series = queue.series(place);
    const step = this.#count;
    if (step === this.block.length) this.#grow(2 * step);
    this.place[step] = place;
    this.block[step] = block;
    this.row[step] = row;
    this.time[step] = time;
    book.point(series, this.#slot);
    this.gap[step] = advance(this.#slot.memory, this.#slot.at, time, gapIntervals) ? 1 : 0;
    this.#count = step + 1;
    const given = queue.given(block);
    if (this.#declared === null) this.#beginEach(series, given, row, time, book);
    else this.#beginDeclared(series, given, row, time, book);
    this.firstReading[step + 1] = this.readings.count;
  }

  #beginEach(series: number, given: SeriesBlock, row: number, time: number, book: SeriesBook): void {
    const { signals, values } = given;
    const units = signals.length === 1 ? null : book.columns(series, this.#slot, signals);
    for (let column = 0; column < signals.length; column += 1) {
      const value = withinFloat32(values[row * signals.length + column] ?? Number.NaN);
      if (Number.isNaN(value)) continue;
      let unit = units?.[column] ?? -1;
      if (unit < 0) {
        unit = book.unit(series, this.#slot, signals[column] ?? '');
        if (unit < 0) continue;
        if (units !== null) units[column] = unit;
      }
      const reading = this.readings.add();
      this.readings.values[reading] = value;
      this.columns[reading] = column;
      this.#beginUnit(unit, reading, time, book);
    }
  }

  #beginDeclared(series: number, given: SeriesBlock, row: number, time: number, book: SeriesBook): void {
    const { readings } = this;
    const reading = readings.add();
    const columns = this.stepColumns(given) ?? [];
    const present = copyUnitValues(given, row, columns, readings.values, reading * readings.width);
    const unit = present ? book.unit(series, this.#slot, declaredUnit) : -1;
    if (unit < 0) readings.drop();
    else this.#beginUnit(unit, reading, time, book);
  }

  #beginUnit(unit: number, reading: number, time: number, book: SeriesBook): void {
    const pointer = this.readings.units[reading];
    if (pointer === undefined) throw new RangeError(`there is no reading ${reading}`);
    book.pointUnit(unit, pointer);
    this.readings.numbers[reading] = unit;
    if (this.scorer.begin(this.readings, reading, time, this.networkSize))
      this.networkSize += this.scorer.networkSize;
  }

  /** Of a step: where its signals stand; `null` when every signal is a unit. */
  stepColumns(given: SeriesBlock): Int32Array | null {
    return this.#declared === null ? null : this.#declared.of(given.signals);
  }

  #grow(capacity: number): void {
    const grown = <T extends Int32Array | Float64Array | Uint8Array>(old: T, larger: T): T => {
      larger.set(old);
      return larger;
    };
    this.place = grown(this.place, new Int32Array(capacity));
    this.block = grown(this.block, new Int32Array(capacity));
    this.row = grown(this.row, new Int32Array(capacity));
    this.time = grown(this.time, new Float64Array(capacity));
    this.gap = grown(this.gap, new Uint8Array(capacity));
    this.firstReading = grown(this.firstReading, new Int32Array(capacity + 1));
  }
}
