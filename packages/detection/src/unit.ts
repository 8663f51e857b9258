import { calibrateUnit } from './calibrate-unit.ts';
import type { DetectionModel } from './detection-model.ts';
import { FlatLine } from './flat-line.ts';
import { IntervalTracker } from './interval-tracker.ts';
import { judgeReading, type UnitReading } from './judge-reading.ts';
import type { NetworkView } from './network-view.ts';
import type { ReadingFigures } from './reading-figures.ts';
import { ReadingRing, RowMark } from './reading-ring.ts';
import { RobustScale } from './robust-scale.ts';
import { fillScaledWindow, hasWindow, settledReadings } from './scaled-window.ts';
import type { StateReader, StateWriter } from './state-codec.ts';
import { UnitCalibration } from './unit-calibration.ts';

/** Alarms in this many separate places of the ring mean misunderstood, not anomalous: they are learnt. */
const restlessEpisodes = 6;
const quietBetweenEpisodes = 8;
/** A fault that goes on for this many readings is the new normal. */
const acceptAfter = 48;
/** Evidence from which a flagged value would spoil the windows that it is part of. */
const harmful = 1.25;
/** Readings after a flagged one that are not learnt from: what follows an anomaly says nothing of normal errors. */
const aftermath = 8;
/** So long the expectation stands in for flagged values in windows; then windows show what is. */
const distrustFor = 12;

/** What is scored by itself: one signal of a series, or the declared signals of a series together. */
export class Unit {
  readonly scales: readonly RobustScale[];
  readonly ring: ReadingRing;
  readonly #flats: readonly FlatLine[];
  readonly #intervals = new IntervalTracker();
  #calibration: UnitCalibration;
  #flaggedRun = 0;
  #quietRun = 0;
  /** Readings until the newest flagged value that was taken at its word has left every window. */
  #unsettled = 0;

  /** @param width number of signals */
  constructor(width: number) {
    this.ring = new ReadingRing(width);
    this.scales = Array.from({ length: width }, () => new RobustScale());
    this.#flats = Array.from({ length: width }, () => new FlatLine());
    this.#calibration = new UnitCalibration(width);
  }

  get width(): number {
    return this.scales.length;
  }

  isWarming(model: DetectionModel): boolean {
    return this.ring.count < model.settings.warmupReadings;
  }

  /** Whether flagged readings are learnt from, because there are too many of them to be anomalies. */
  get restless(): boolean {
    return this.ring.episodes >= restlessEpisodes;
  }

  begin(values: Float32Array, time: number, model: DetectionModel, gapIntervals: number): UnitReading {
    const gap = this.#intervals.isGap(time, gapIntervals);
    const warming = this.isWarming(model);
    const { count, sinceGap } = this.ring;
    const seen = !warming && !gap && count >= settledReadings && hasWindow(sinceGap, model.settings.window);
    return {
      values,
      networkRows: model.network !== null && seen ? 2 : 0,
      gap,
      warming,
      provisional: !warming && this.#calibration.provisional,
      expected: new Float64Array(this.width).fill(Number.NaN),
      band: new Float64Array(this.width).fill(Number.NaN),
      evidence: new Float64Array(this.width),
      score: 0,
      believed: this.#flaggedRun >= distrustFor,
      settled: this.#unsettled === 0,
      windowError: Number.NaN,
    };
  }

  /** Writes the two windows: with the newest row hidden (to expect it) and shown (to judge the whole). */
  fill(reading: UnitReading, window: number, into: Float32Array, offset: number): void {
    const request = { ring: this.ring, scales: this.scales, window, newest: this.ring.count };
    fillScaledWindow({ ...request, values: null }, into, offset);
    fillScaledWindow({ ...request, values: reading.values }, into, offset + window * this.width);
  }

  /**
   * Scores the reading, then learns from it.
   * @param how `distrusted`: known to be part of an anomaly, treated as flagged whatever its score; `figures`: where
   *   it is counted when it is not flagged and the model itself said what to expect
   */
  finish(
    reading: UnitReading,
    model: DetectionModel,
    view: NetworkView | null,
    how: { distrusted?: boolean; figures?: ReadingFigures },
  ): void {
    const parts = {
      ring: this.ring,
      scales: this.scales,
      flats: this.#flats,
      calibration: this.#calibration,
    };
    const distrusted = how.distrusted ?? false;
    judgeReading(reading, parts, model, view);
    const flagged = distrusted || reading.score > 0.5;
    if (!flagged && !reading.warming && (model.network === null || view !== null))
      how.figures?.note(reading, this.scales, this.ring);
    this.scales.forEach((scale, column) => {
      const value = reading.values[column] ?? Number.NaN;
      if (!Number.isNaN(value)) scale.observe(value);
    });
    const opens = flagged && this.#flaggedRun === 0 && this.#quietRun >= quietBetweenEpisodes;
    this.#flaggedRun = flagged ? this.#flaggedRun + 1 : 0;
    this.#quietRun = flagged ? 0 : this.#quietRun + 1;
    const clean = this.#cleaned(reading, flagged, distrusted);
    const marks =
      (flagged ? RowMark.flagged : 0) | (opens ? RowMark.episode : 0) | (reading.gap ? RowMark.afterGap : 0);
    this.ring.push(reading.values, clean, marks);
    if (this.#flaggedRun === distrustFor + 1) this.ring.trustNewest(distrustFor);
    const believed = flagged && this.#flaggedRun > distrustFor;
    this.#unsettled = believed ? model.settings.window : Math.max(0, this.#unsettled - 1);
    const accepted = this.restless || this.#flaggedRun > acceptAfter;
    const calm = !flagged && (this.#quietRun > aftermath || this.ring.count <= aftermath + 1);
    if (calm || (accepted && !distrusted)) this.#learn(reading, model);
  }

  #learn(reading: UnitReading, model: DetectionModel): void {
    const ownErrors = model.network === null || reading.networkRows > 0;
    this.scales.forEach((scale, column) => {
      const value = reading.values[column] ?? Number.NaN;
      if (Number.isNaN(value)) return;
      const error = Math.abs(value - (reading.expected[column] ?? Number.NaN));
      if (ownErrors) this.#calibration.learnRow(column, error, reading.band[column] ?? Number.NaN);
      scale.add(value);
    });
    this.#calibration.learnWindow(reading.windowError, this.#calibration.windowThreshold(model));
  }

  #cleaned(reading: UnitReading, flagged: boolean, distrusted: boolean): Float32Array {
    const clean = reading.values.slice();
    this.scales.forEach((scale, column) => {
      const bad = flagged && (distrusted || (reading.evidence[column] ?? 0) > harmful);
      const replaced = bad && this.#flaggedRun <= distrustFor;
      if (!replaced && !Number.isNaN(clean[column] ?? Number.NaN)) return;
      const before = this.ring.count > 0 ? this.ring.clean(this.ring.count - 1, column) : scale.center;
      const likely = reading.expected[column] ?? Number.NaN;
      const stand = Number.isNaN(likely) ? before : likely;
      clean[column] = Math.max(scale.low, Math.min(scale.high, stand));
    });
    return clean;
  }

  /** What another version's errors look like on the recent readings. Changes nothing. */
  calibrationFor(model: DetectionModel): Promise<UnitCalibration> {
    return calibrateUnit({ ring: this.ring, scales: this.scales, model, all: this.restless });
  }

  adopt(calibration: UnitCalibration): void {
    this.#calibration = calibration;
  }

  write(to: StateWriter): void {
    this.ring.write(to);
    for (const scale of this.scales) scale.write(to);
    for (const flat of this.#flats) flat.write(to);
    this.#intervals.write(to);
    this.#calibration.write(to);
    to.f64(this.#flaggedRun);
    to.f64(this.#quietRun);
    to.f64(this.#unsettled);
  }

  read(from: StateReader): void {
    this.ring.read(from);
    for (const scale of this.scales) scale.read(from);
    for (const flat of this.#flats) flat.read(from);
    this.#intervals.read(from);
    this.#calibration.read(from);
    this.#flaggedRun = from.f64();
    this.#quietRun = from.f64();
    this.#unsettled = from.f64();
  }
}
