import { DecimatedSample, quantile } from './decimated-sample.ts';
import { Excursions } from './excursions.ts';
import type { StateReader, StateWriter } from './state-codec.ts';

/** Scaled values beyond this many robust deviations are cut off, so that one of them cannot rule a window. */
export const scaleClip = 8;

/** Width of the 5 to 95 % span of a normal distribution in standard deviations. */
const normalSpan = 3.29;
/** Extremes come in again by this part of their distance to the 5 or 95 % point with every reading. */
const extremeDecay = 1 / 2048;
/** A channel that stands still gets this part of its level as deviation; nothing is ever divided by 0. */
const constantFloor = 2e-3;
const absoluteFloor = 1e-6;
const fewestReadings = 16;

/**
 * Level and spread of one signal from up to 2048 recent readings that were not flagged: median, 5 to 95 %
 * span as a standard deviation, and the extremes. A signal that mostly rests has no such span; its spread is how far
 * it usually goes when it moves.
 */
export class RobustScale {
  readonly #sample = new DecimatedSample(128, 16);
  readonly #excursions = new Excursions();
  /** Deviation from the sample alone. */
  #spread = absoluteFloor;
  center = 0;
  /** Robust standard deviation, above 0. */
  deviation = absoluteFloor;
  low = 0;
  high = 0;

  /** Whether it has seen enough readings to judge others. */
  get known(): boolean {
    return this.#sample.count >= fewestReadings;
  }

  add(value: number): void {
    if (this.#sample.count === 0) {
      this.low = value;
      this.high = value;
    }
    const refresh = this.#sample.takesNext;
    this.#sample.add(value);
    if (refresh) this.#refresh();
    const reach = 0.5 * normalSpan * this.deviation;
    this.low = Math.min(value, this.low + Math.max(0, this.center - reach - this.low) * extremeDecay);
    this.high = Math.max(value, this.high - Math.max(0, this.high - this.center - reach) * extremeDecay);
  }

  #refresh(): void {
    const sorted = this.#sample.sorted();
    this.center = quantile(sorted, 0.5);
    const span = quantile(sorted, 0.95) - quantile(sorted, 0.05);
    this.#spread = span / normalSpan;
    this.#settle();
  }

  /** Every reading, flagged or not, before it is learnt from or passed over. */
  observe(value: number): void {
    if (!this.known) return;
    this.#excursions.observe(Math.abs(value - this.center), normalSpan * this.#floor);
    this.#settle();
  }

  get #floor(): number {
    return Math.max(absoluteFloor, constantFloor * Math.abs(this.center));
  }

  #settle(): void {
    const resting = this.#spread <= this.#floor;
    this.deviation = resting ? Math.max(this.#floor, this.#excursions.usual) : this.#spread;
  }

  /** The value in robust deviations from the level, clipped: what nets see, in training as in service. */
  scaled(value: number): number {
    return Math.max(-scaleClip, Math.min(scaleClip, (value - this.center) / this.deviation));
  }

  unscaled(value: number): number {
    return this.center + value * this.deviation;
  }

  write(to: StateWriter): void {
    this.#sample.write(to);
    this.#excursions.write(to);
    for (const value of [this.center, this.#spread, this.low, this.high]) to.f64(value);
  }

  read(from: StateReader): void {
    this.#sample.read(from);
    this.#excursions.read(from);
    this.center = from.f64();
    this.#spread = from.f64();
    this.low = from.f64();
    this.high = from.f64();
    this.#settle();
  }
}
