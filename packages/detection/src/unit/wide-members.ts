import { deviationFrom, deviationScales, type NextValue, takeDeviation } from '../signal/local-deviations.ts';
import { addRareValue, rareEvidence, rareValuesWords } from '../signal/rare-values.ts';
import { deviationsPart, signalWords } from '../signal/signal-state.ts';
import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { JointShape } from './joint-shape.ts';
import { follow, reach } from './lasting-distance.ts';
import type { UnitReadings } from './unit-readings.ts';
import { isHot, overUsual, takeDistance, usualDistanceWords } from './usual-distance.ts';

// The members that look at several signals together: how far the row is from its short past and from its usual levels,
// all signals being measured in the range that they have been seen in. Ranges are never learnt from too little, and a
// signal that begins to move sets its own scale.

const perBlock = 16;
/** A range grows by at most so many times its own width at once: one glitch must not blind a signal for ever. */
const mostGrowth = 1;
/** What counts in the logarithm of the distance: steps by their covariance, by their variances alone, and levels. */
const weights = { joint: 0.5, apart: 0.3, level: 0.2 } as const;
const smallest = 1e-12;
/** Of rows that are far out one in so many is learnt from: what is far out for long becomes usual, but slowly. */
const rowsPerHot = 4;

/** Where the readings and the state of a unit of several signals are found. */
export interface WideReading {
  readonly memory: Memory;
  /** First word of these members. */
  readonly at: number;
  /** First word of the state of the unit's signals. */
  readonly signals: number;
  readonly readings: UnitReadings;
  readonly reading: number;
}

/** How a reading is learnt from. */
export interface WideLearning {
  /** Whether it says what is usual. */
  readonly learns: boolean;
  /** Whether what comes again and again counts as usual after some times. */
  readonly habits: boolean;
  /** Whether averages go on as if it had not been. */
  readonly hidden: boolean;
  /** Number of the reading. */
  readonly turn: number;
}

/** Place and work of the members of units of so many signals. */
export class WideMembers {
  readonly words: number;
  readonly #width: number;
  readonly #low: number;
  readonly #high: number;
  readonly #seen: number;
  /** Running average of the distances, without readings that are hidden: an alarm leaves no echo in it. */
  readonly #calmDistance: number;
  /** How rare distances are. */
  readonly #rareDistance: number;
  /** What distance is usual. */
  readonly #usual: number;
  /** How rare the distance of the one signal is that is farthest. */
  readonly #rareFarthest: number;
  readonly #steps: number;
  readonly #levels: number;
  readonly #stepShape: JointShape;
  readonly #levelShape: JointShape;
  readonly #stepRow: Float64Array;
  readonly #levelRow: Float64Array;
  readonly #squares: Float64Array;
  readonly #levelSquares: Float64Array;
  /** The value that is being taken in. */
  readonly #next: NextValue = { value: Number.NaN, followed: Number.NaN, learns: false };

  constructor(width: number) {
    const layout = new Layout();
    this.#width = width;
    this.#stepShape = new JointShape(width * deviationScales);
    this.#levelShape = new JointShape(width);
    this.#low = layout.floats(width);
    this.#high = layout.floats(width);
    this.#seen = layout.bytes(width);
    this.#calmDistance = layout.floats();
    this.#rareDistance = layout.part(rareValuesWords);
    this.#usual = layout.part(usualDistanceWords);
    this.#rareFarthest = layout.part(rareValuesWords);
    this.#steps = layout.part(this.#stepShape.words);
    this.#levels = layout.part(this.#levelShape.words);
    this.words = layout.words;
    this.#stepRow = new Float64Array(width * deviationScales);
    this.#levelRow = new Float64Array(width);
    this.#squares = new Float64Array(width * deviationScales);
    this.#levelSquares = new Float64Array(width);
  }

  /**
   * Fills in how far the reading is from what is usual, 0 while that is unknown. What {@link learn} needs is kept until
   * the next reading is measured.
   * @returns the largest square
   */
  measure(wide: WideReading): number {
    this.#widenRanges(wide);
    this.#scale(wide);
    const { memory, at, readings, reading } = wide;
    const first = reading * this.#width;
    const known = this.#stepShape.isKnown(memory, at + this.#steps);
    let distance = 0;
    let most = 0;
    if (known) {
      const steps = at + this.#steps;
      const levels = at + this.#levels;
      const { joint, apart } = this.#stepShape.distance(memory, steps, this.#stepRow, this.#squares);
      const level = this.#levelShape.distance(memory, levels, this.#levelRow, this.#levelSquares).joint;
      const logarithm =
        weights.joint * Math.log(joint + smallest) +
        weights.apart * Math.log(apart + smallest) +
        weights.level * Math.log(level + smallest);
      distance = Math.exp(0.5 * logarithm);
    }
    for (let column = 0; column < this.#width; column += 1) {
      let square = 0;
      for (let i = 0; known && i < deviationScales; i += 1)
        square += (this.#squares[column * deviationScales + i] ?? 0) / deviationScales;
      readings.squares[first + column] = square;
      most = Math.max(most, square);
    }
    readings.distance[reading] = distance;
    readings.farthest[reading] = Math.sqrt(most);
    return most;
  }

  /** Lets the ranges take in the values, and what is known in their units follow them. */
  #widenRanges({ memory, at, readings, reading }: WideReading): void {
    const { f32, u8 } = memory;
    for (let column = 0; column < this.#width; column += 1) {
      const value = readings.values[reading * this.#width + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      const lowAt = at + this.#low + column;
      const highAt = at + this.#high + column;
      const seenAt = (at << 2) + this.#seen + column;
      if (u8[seenAt] === 0) {
        u8[seenAt] = 1;
        f32[lowAt] = value;
        f32[highAt] = value;
        continue;
      }
      const low = f32[lowAt] ?? 0;
      const high = f32[highAt] ?? 0;
      if (value >= low && value <= high) continue;
      const range = high - low;
      const most = range > 0 ? mostGrowth * range : Number.POSITIVE_INFINITY;
      f32[lowAt] = Math.max(Math.min(value, low), low - most);
      f32[highAt] = Math.min(Math.max(value, high), high + most);
      this.#follow(memory, at, column, low, range);
    }
  }

  /** Follows a change of a signal's range. */
  #follow(memory: Memory, at: number, column: number, lowBefore: number, rangeBefore: number): void {
    const { f32 } = memory;
    const low = f32[at + this.#low + column] ?? 0;
    const range = (f32[at + this.#high + column] ?? 0) - low;
    if (!(range > 0)) return;
    const by = rangeBefore / range;
    for (let i = 0; i < deviationScales; i += 1)
      this.#stepShape.rescale(memory, at + this.#steps, column * deviationScales + i, by, 0);
    this.#levelShape.rescale(memory, at + this.#levels, column, by, (lowBefore - low) / range);
  }

  /** Fills in the rows of steps and levels, in units of the ranges. */
  #scale({ memory, at, signals, readings, reading }: WideReading): void {
    const { f32 } = memory;
    const steps = this.#stepRow;
    const levels = this.#levelRow;
    for (let column = 0; column < this.#width; column += 1) {
      const value = readings.values[reading * this.#width + column] ?? Number.NaN;
      const low = f32[at + this.#low + column] ?? 0;
      const range = (f32[at + this.#high + column] ?? 0) - low;
      const unit = range > 0 ? 1 / range : 0;
      const past = signals + column * signalWords + deviationsPart;
      levels[column] = (value - low) * unit;
      for (let scale = 0; scale < deviationScales; scale += 1)
        steps[column * deviationScales + scale] = deviationFrom(memory, past, scale, value) * unit;
    }
  }

  /**
   * Evidence, -ln p.
   * @param doubt so many times as far as usual counts as usual
   * @param border the evidence that is an alarm
   */
  evidence({ memory, at, readings, reading }: WideReading, doubt: number, border: number): number {
    const distance = reach(memory, at + this.#calmDistance, readings.distance[reading] ?? 0) / doubt;
    return Math.max(
      rareEvidence(memory, at + this.#rareDistance, distance, 0, 0),
      rareEvidence(memory, at + this.#rareFarthest, (readings.farthest[reading] ?? 0) / doubt, 0, 0),
      border * overUsual(memory, at + this.#usual, distance),
    );
  }

  /** Goes on to the next reading, from the one that was measured last. */
  learn(wide: WideReading, how: WideLearning): void {
    const { memory, at, readings, reading } = wide;
    const { learns, habits, hidden, turn } = how;
    const distance = readings.distance[reading] ?? 0;
    const reached = reach(memory, at + this.#calmDistance, distance);
    const joins = habits ? turn % rowsPerHot === 0 || !isHot(memory, at + this.#usual, reached) : learns;
    if (this.#stepShape.isKnown(memory, at + this.#steps)) {
      takeDistance(memory, at + this.#usual, reached);
      if (learns) {
        addRareValue(memory, at + this.#rareDistance, reached, perBlock);
        addRareValue(memory, at + this.#rareFarthest, readings.farthest[reading] ?? 0, perBlock);
      }
      if (!hidden) follow(memory, at + this.#calmDistance, distance);
    }
    if (joins) {
      this.#stepShape.learn(memory, at + this.#steps, this.#stepRow);
      this.#levelShape.learn(memory, at + this.#levels, this.#levelRow);
    }
    this.#takeValues(wide, how);
  }

  #takeValues({ signals, memory, readings, reading }: WideReading, { hidden, learns }: WideLearning): void {
    const first = reading * this.#width;
    const next = this.#next;
    next.learns = learns;
    let sum = 0;
    for (let column = 0; column < this.#width; column += 1) sum += readings.squares[first + column] ?? 0;
    for (let column = 0; column < this.#width; column += 1) {
      const value = readings.values[first + column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      // For the signals that are farther out than most the expectation stands in: the others go on.
      const far = hidden && (readings.squares[first + column] ?? 0) * this.#width >= sum;
      next.value = value;
      next.followed = far ? (readings.expected[first + column] ?? Number.NaN) : value;
      takeDeviation(memory, signals + column * signalWords + deviationsPart, next);
    }
  }
}
