import { Reservoir } from './reservoir.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Part of all windows that one false alarm makes up … */
const shareOfOne = 0.02;
/** … and that all of them make up together at most. */
const shareOfAll = 0.2;

/** Part of all training windows that so many false alarms make up together. */
export function taughtShare(falseAlarms: number): number {
  return Math.min(shareOfOne * falseAlarms, shareOfAll);
}

/** Collects the windows of the false alarms that are taught. */
export class TaughtWindows {
  readonly #windows = new Map<number, Reservoir>();
  readonly #make: () => Reservoir;

  /** @param mostPerAlarm windows kept of one false alarm @param width numbers per window */
  constructor(mostPerAlarm: number, width: number, random: SeededRandom) {
    this.#make = () => new Reservoir(Math.max(1, mostPerAlarm), width, random);
  }

  /** @param falseAlarm its number */
  offer(falseAlarm: number, window: Float32Array): void {
    let reservoir = this.#windows.get(falseAlarm);
    if (reservoir === undefined) {
      reservoir = this.#make();
      this.#windows.set(falseAlarm, reservoir);
    }
    reservoir.offer(window);
  }

  /** The windows of each false alarm that has any, in the order of their numbers. */
  taken(): { falseAlarm: number; windows: Float32Array }[] {
    return [...this.#windows.keys()]
      .sort((a, b) => a - b)
      .map((falseAlarm) => ({
        falseAlarm,
        windows: this.#windows.get(falseAlarm)?.taken() ?? new Float32Array(0),
      }));
  }
}

/**
 * Puts taught windows behind quiet ones, each false alarm's repeated (or thinned out) evenly, so that each makes up
 * 2 % of the whole, and all together at most 20 %, whatever their lengths.
 *
 * What is taught is their shape: a window larger than the typical quiet one is scaled down to that one's size. The loss
 * goes by squares, and a false alarm five times as large as what is quiet would count 25 times its share.
 *
 * @param quiet windows one behind the other @param width numbers per window
 */
export function withTaught(
  quiet: Float32Array,
  taught: readonly Float32Array[],
  width: number,
): Float32Array {
  const share = taughtShare(taught.length);
  const quietCount = quiet.length / width;
  const total = Math.floor((quietCount * share) / (1 - share));
  const all = new Float32Array((quietCount + total) * width);
  all.set(quiet);
  const typical = median(eachSize(quiet, width));
  let at = quietCount;
  taught.forEach((windows, place) => {
    const until = quietCount + Math.floor((total * (place + 1)) / taught.length);
    const [slots, count] = [until - at, windows.length / width];
    const sizes = eachSize(windows, width);
    for (let slot = 0; slot < slots; slot += 1) {
      const index = Math.floor((slot * count) / slots);
      const scale = Math.min(1, typical / Math.max(sizes[index] ?? 0, Number.MIN_VALUE));
      const shape = windows.subarray(index * width, (index + 1) * width).map((value) => value * scale);
      all.set(shape, (at + slot) * width);
    }
    at = until;
  });
  return all;
}

/** Root mean square of each window. */
function eachSize(windows: Float32Array, width: number): Float64Array {
  return Float64Array.from({ length: windows.length / width }, (_, index) => {
    const window = windows.subarray(index * width, (index + 1) * width);
    return Math.sqrt(window.reduce((sum, value) => sum + value * value, 0) / width);
  });
}

/** The upper one of two in the middle; 0 of none. */
function median(values: Float64Array): number {
  return values.toSorted()[values.length >> 1] ?? 0;
}
