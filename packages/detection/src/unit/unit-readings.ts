import { SlotPointer } from '../state/memory.ts';

/** Bits that say how a unit stands at a reading. */
export const UnitMark = {
  /** A gap lies before it. */
  gap: 1,
  warming: 2,
  provisional: 4,
  /** The readings before it have been flagged for so long that their level is taken for real. */
  believed: 8,
  /** Its window is free of flagged values; else a bad window is no news and says nothing. */
  settled: 16,
  /** Its averages and windows go on as if it had not been: it is far out, and would leave an echo. */
  hidden: 32,
  /** Nearly an alarm: not learnt from at once. */
  suspicious: 64,
} as const;

/**
 * Readings of units on their way through scoring, one behind the other. The arrays are used again for the next round;
 * `values`, `expected`, `band`, `evidence`, `squares`, `gain` and `origin` have one entry per signal, the others one per reading.
 */
export class UnitReadings {
  readonly width: number;
  readonly units: SlotPointer[] = [];
  /** Numbers of the units. */
  numbers = new Int32Array(0);
  /** `NaN` = missing; at least one is not. */
  values = new Float32Array(0);
  expected = new Float64Array(0);
  band = new Float64Array(0);
  /** Above 1 = alarm. */
  evidence = new Float64Array(0);
  /** Squared distance from the signal's short past, about 1 = as usual. */
  squares = new Float64Array(0);
  /** In [0, 1], exact in Float32. */
  score = new Float64Array(0);
  /** Root mean square of the scaled window's residuals; `NaN` without a net's view. */
  windowError = new Float64Array(0);
  /** Root of the mean of `squares`. */
  distance = new Float64Array(0);
  /** Root of the largest of `squares`. */
  farthest = new Float64Array(0);
  /** Largest error of what the net expected, in deviations; `NaN` without a net's view. */
  forecastError = new Float64Array(0);
  /** Of a counter: what its growth is multiplied with and added to, so that it is a count; else 1 and 0. */
  gain = new Float64Array(0);
  origin = new Float64Array(0);
  /** Event times, epoch ms. */
  times = new Float64Array(0);
  /** Where its windows begin in the round's network input; −1 = no net looks at it. */
  offset = new Int32Array(0);
  marks = new Uint8Array(0);
  #count = 0;

  constructor(width: number) {
    this.width = width;
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Makes room for another reading. @returns its number; the unit and its values must be set */
  add(): number {
    if (this.#count === this.score.length) this.#grow(Math.max(8, 2 * this.#count));
    this.#count += 1;
    return this.#count - 1;
  }

  /** Forgets the newest one. */
  drop(): void {
    this.#count -= 1;
  }

  #grow(capacity: number): void {
    const { width } = this;
    while (this.units.length < capacity) this.units.push(new SlotPointer());
    this.numbers = enlarged(this.numbers, new Int32Array(capacity));
    this.values = enlarged(this.values, new Float32Array(capacity * width));
    this.expected = enlarged(this.expected, new Float64Array(capacity * width));
    this.band = enlarged(this.band, new Float64Array(capacity * width));
    this.evidence = enlarged(this.evidence, new Float64Array(capacity * width));
    this.squares = enlarged(this.squares, new Float64Array(capacity * width));
    this.score = enlarged(this.score, new Float64Array(capacity));
    this.windowError = enlarged(this.windowError, new Float64Array(capacity));
    this.distance = enlarged(this.distance, new Float64Array(capacity));
    this.farthest = enlarged(this.farthest, new Float64Array(capacity));
    this.forecastError = enlarged(this.forecastError, new Float64Array(capacity));
    this.gain = enlarged(this.gain, new Float64Array(capacity * width));
    this.origin = enlarged(this.origin, new Float64Array(capacity * width));
    this.times = enlarged(this.times, new Float64Array(capacity));
    this.offset = enlarged(this.offset, new Int32Array(capacity));
    this.marks = enlarged(this.marks, new Uint8Array(capacity));
  }
}

function enlarged<T extends Float32Array | Float64Array | Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
