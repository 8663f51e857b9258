import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { product, solve, takeProducts } from './triangle.ts';

// What several numbers usually look like together: their running mean and covariance, shrunk towards a multiple of the
// identity. Like signal/block-shape.ts, but for as many numbers as there are, and for numbers whose unit may change.

/** A factor serves until so many times as many rows have been learnt, or so many more. */
const refit = 1.25;
const longestFit = 4096;
/** Rows learnt before there is a first factor. */
const firstFit = 32;
/** With each so many rows learnt one row in one more is learnt from, down to one in four, which stands for the others. */
const rowsPerStride = 1024;
const mostStride = 4;
/** Older rows fade from so many seen on. */
const mostRows = 16_384;
/** Shrinkage with n rows: shrink·numbers/n, and a little always. */
const shrink = 0.5;
const leastShrink = 0.002;
/** A row is learnt as at most so many deviations off; a deviation is at least so large then. */
const learntClip = 16;
const leastDeviation = 0.05;
/** So far off a row is learnt as it is, whatever the deviations: no need to look at them, which lie far apart. */
const surelyLearnt = learntClip * leastDeviation;
/** Nothing is learnt as farther off than this, nor taken for farther off than that: numbers stay within Float32. */
const farthestLearnt = 4;
const farthest = 1e6;
const leastVariance = 1e-6;

/** Squared distances of a row from what is usual, per number: about 1 for a usual row. */
export interface JointDistance {
  /** Mahalanobis: what usually moves together is no news when it does, and is when it does not. */
  joint: number;
  /** By the variances alone. */
  apart: number;
}

/** Place and work of the joint shape of some numbers: about 4·numbers² bytes. */
export class JointShape {
  readonly words: number;
  readonly #count: number;
  readonly #nextFit: number;
  /** Rows since the last one that was learnt. */
  readonly #waiting: number;
  /** Rows that the learnt ones stand for. */
  readonly #mass: number;
  readonly #mean: number;
  readonly #fittedMean: number;
  /** Inverse variances, 0 before the first fit. */
  readonly #precision: number;
  /** Lower triangles by rows; that of the factor has the inverse of its diagonal there. */
  readonly #covariance: number;
  readonly #factor: number;
  readonly #size: number;
  readonly #off: Float64Array;
  readonly #innovations: Float64Array;
  readonly #distance: JointDistance = { joint: 0, apart: 0 };

  constructor(size: number) {
    const layout = new Layout();
    const triangle = (size * (size + 1)) / 2;
    this.#count = layout.counters();
    this.#nextFit = layout.counters();
    this.#waiting = layout.counters();
    this.#mass = layout.counters();
    this.#mean = layout.floats(size);
    this.#fittedMean = layout.floats(size);
    this.#precision = layout.floats(size);
    this.#covariance = layout.floats(triangle);
    this.#factor = layout.floats(triangle);
    this.words = layout.words;
    this.#size = size;
    this.#off = new Float64Array(size);
    this.#innovations = new Float64Array(size);
  }

  /** Whether it can tell distances. */
  isKnown({ i32 }: Memory, at: number): boolean {
    return i32[at + this.#nextFit] !== 0;
  }

  /**
   * How far a row is from what is usual.
   * @param row `NaN` = missing: taken for usual
   * @param squares receives each number's part of `apart`, times the count of numbers
   * @returns the same object each time
   */
  distance({ f32 }: Memory, at: number, row: Float64Array, squares: Float64Array): JointDistance {
    const off = this.#off;
    const size = this.#size;
    let apart = 0;
    for (let i = 0; i < size; i += 1) {
      const given = (row[i] ?? 0) - (f32[at + this.#fittedMean + i] ?? 0);
      const own = given > farthest ? farthest : given < -farthest ? -farthest : given || 0;
      off[i] = own;
      const square = own * own * (f32[at + this.#precision + i] ?? 0);
      squares[i] = square;
      apart += square;
    }
    this.#distance.joint = solve(f32, at + this.#factor, off, this.#innovations) / size;
    this.#distance.apart = apart / size;
    return this.#distance;
  }

  /** Takes a row that is to be learnt from. @param row `NaN` = missing */
  learn(memory: Memory, at: number, row: Float64Array): void {
    const { f32, i32 } = memory;
    const learnt = i32[at + this.#count] ?? 0;
    const stride = Math.min(mostStride, 1 + Math.floor(learnt / rowsPerStride));
    const waited = (i32[at + this.#waiting] ?? 0) + 1;
    i32[at + this.#waiting] = waited < stride ? waited : 0;
    if (waited < stride) return;
    const mass = Math.min((i32[at + this.#mass] ?? 0) + stride, mostRows);
    i32[at + this.#count] = learnt + 1;
    i32[at + this.#mass] = mass;
    this.#take(f32, at, row, learnt === 0 ? 1 : stride / mass);
    if (learnt + 1 < (i32[at + this.#nextFit] || firstFit)) return;
    this.#fit(f32, at, Math.min(learnt + 1, mostRows / mostStride));
    i32[at + this.#nextFit] = Math.min(Math.ceil((learnt + 1) * refit), learnt + 1 + longestFit);
  }

  #take(f32: Float32Array, at: number, row: Float64Array, part: number): void {
    const off = this.#off;
    for (let i = 0; i < this.#size; i += 1) {
      const mean = f32[at + this.#mean + i] ?? 0;
      const given = (row[i] ?? 0) - mean;
      const near = given <= surelyLearnt && given >= -surelyLearnt;
      const most = near ? surelyLearnt : part === 1 ? farthestLearnt : this.#mostLearnt(f32, at, i);
      const own = given > most ? most : given < -most ? -most : given || 0;
      off[i] = own;
      f32[at + this.#mean + i] = mean + part * own;
    }
    takeProducts(f32, at + this.#covariance, off, { keep: 1 - part, take: part * (1 - part) });
  }

  /** How far off the usual a number is learnt at most. */
  #mostLearnt(f32: Float32Array, at: number, index: number): number {
    const variance = f32[at + this.#covariance + (index * (index + 3)) / 2] ?? 0;
    return Math.min(learntClip * Math.max(Math.sqrt(variance), leastDeviation), farthestLearnt);
  }

  /** Factor of the shrunk covariance (Cholesky). */
  #fit(f32: Float32Array, at: number, rows: number): void {
    const y = this.#innovations;
    const size = this.#size;
    let trace = 0;
    for (let i = 0; i < size; i += 1) trace += f32[at + this.#covariance + (i * (i + 3)) / 2] ?? 0;
    const level = trace / size + leastVariance;
    const weight = Math.min(1, (shrink * size) / rows + leastShrink);
    let start = 0;
    for (let i = 0; i < size; i += 1) {
      f32[at + this.#fittedMean + i] = f32[at + this.#mean + i] ?? 0;
      const known = at + this.#covariance + start;
      const into = at + this.#factor + start;
      let other = at + this.#factor;
      let left = (1 - weight) * (f32[known + i] ?? 0) + weight * level;
      f32[at + this.#precision + i] = 1 / left;
      for (let j = 0; j < i; j += 1) {
        const shared = (1 - weight) * (f32[known + j] ?? 0) - product(f32, other, y, j);
        const one = shared * (f32[other + j] ?? 0);
        y[j] = one;
        f32[into + j] = one;
        left -= one * one;
        other += j + 1;
      }
      f32[into + i] = 1 / Math.sqrt(Math.max(left, 0.1 * weight * level));
      start += i + 1;
    }
  }

  /** Follows a change of one number's unit and origin: z becomes by·z + shift. What a factor makes of it stays. */
  rescale({ f32 }: Memory, at: number, index: number, by: number, shift: number): void {
    const mean = at + this.#mean + index;
    const fittedMean = at + this.#fittedMean + index;
    f32[mean] = by * (f32[mean] ?? 0) + shift;
    f32[fittedMean] = by * (f32[fittedMean] ?? 0) + shift;
    const row = at + this.#covariance + (index * (index + 1)) / 2;
    for (let j = 0; j <= index; j += 1) f32[row + j] = by * (f32[row + j] ?? 0);
    let below = row + index;
    for (let i = index; i < this.#size; i += 1) {
      f32[below] = by * (f32[below] ?? 0);
      below += i + 1;
    }
  }
}
