import type { StateReader, StateWriter } from './state-codec.ts';

/**
 * A sample of fixed size, evenly spread over the recent past: when full it drops every second entry and
 * from then on takes one of every two values only, until it takes one in `maxStride`; then it replaces the
 * oldest. Which one of a group is taken varies (by a hash of the group's number), or something that comes
 * back with the beat of the groups would never be seen.
 */
export class DecimatedSample {
  readonly #entries: Float32Array;
  readonly #maxStride: number;
  #count = 0;
  #oldest = 0;
  #stride = 1;
  #group = 0;
  #position = 0;

  /** @param capacity even; the sample spans up to capacity × maxStride values. */
  constructor(capacity: number, maxStride: number) {
    this.#entries = new Float32Array(capacity);
    this.#maxStride = maxStride;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether the next {@link add} will keep its value. */
  get takesNext(): boolean {
    return this.#position === mixed(this.#group) % this.#stride;
  }

  add(value: number): void {
    const taken = this.takesNext;
    this.#position += 1;
    if (this.#position >= this.#stride) this.#nextGroup();
    if (!taken) return;
    const capacity = this.#entries.length;
    if (this.#count === capacity && this.#stride < this.#maxStride) {
      for (let i = 0; i < capacity / 2; i += 1) this.#entries[i] = this.#entries[2 * i + 1] ?? 0;
      this.#count = capacity / 2;
      this.#stride *= 2;
      this.#nextGroup();
    }
    if (this.#count < capacity) {
      this.#entries[this.#count] = value;
      this.#count += 1;
    } else {
      this.#entries[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % capacity;
    }
  }

  #nextGroup(): void {
    this.#position = 0;
    this.#group = (this.#group + 1) >>> 0;
  }

  /** Sorted copy, valid until the next call on any sample of this capacity. */
  sorted(): Float32Array {
    const copy = scratch(this.#entries.length).subarray(0, this.#count);
    copy.set(this.#entries.subarray(0, this.#count));
    return copy.sort();
  }

  write(to: StateWriter): void {
    to.u32(this.#count);
    to.u32(this.#oldest);
    to.u32(this.#stride);
    to.u32(this.#group);
    to.u32(this.#position);
    to.floats(this.#entries, this.#count);
  }

  read(from: StateReader): void {
    this.#count = from.u32(this.#entries.length);
    this.#oldest = from.u32(this.#entries.length - 1);
    this.#stride = from.u32(this.#maxStride);
    this.#group = from.u32();
    this.#position = from.u32(this.#maxStride);
    from.floats(this.#entries, this.#count);
  }
}

/** Spreads consecutive numbers evenly over 32 bits (finalizer of MurmurHash3, Austin Appleby). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const scratches = new Map<number, Float32Array>();

/** One buffer per capacity for the whole process: sorting is the hottest allocation of the engine. */
function scratch(capacity: number): Float32Array {
  let buffer = scratches.get(capacity);
  if (buffer === undefined) {
    buffer = new Float32Array(capacity);
    scratches.set(capacity, buffer);
  }
  return buffer;
}

/** Quantile with linear interpolation of sorted values; `NaN` if there are none. */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (position - below);
}
