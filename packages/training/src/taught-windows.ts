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
  let at = quietCount;
  taught.forEach((windows, index) => {
    const until = quietCount + Math.floor((total * (index + 1)) / taught.length);
    const [slots, count] = [until - at, windows.length / width];
    for (let slot = 0; slot < slots; slot += 1) {
      const from = Math.floor((slot * count) / slots) * width;
      all.set(windows.subarray(from, from + width), (at + slot) * width);
    }
    at = until;
  });
  return all;
}
