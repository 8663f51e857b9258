import type { Sign } from '@verdict/contracts';
import { signOf } from './sign.ts';

/** One nominal interval: the readings among which one anomaly is nominal. */
interface Interval {
  readonly readings: number;
  readonly anomalies: number;
}

export interface AlarmRateState {
  /** Full intervals, oldest first, and the one that is being filled last. */
  readonly intervals: readonly Interval[];
}

const watchedIntervals = 10;
const border = 3;

/**
 * Whether a model alarms far more often than it should. A nominal interval is as many readings as hold one anomaly
 * at the nominal rate; active when the last ten full ones hold more than three times as many anomalies as is nominal.
 */
export class AlarmRateSign {
  readonly #perInterval: number;
  #intervals: Interval[];

  /** `nominalPerThousand`: anomalies per 1000 readings that are nominal, above 0. */
  constructor(nominalPerThousand: number, state?: AlarmRateState) {
    if (!(nominalPerThousand > 0)) throw new RangeError(`a nominal rate of ${nominalPerThousand}`);
    this.#perInterval = 1000 / nominalPerThousand;
    this.#intervals = state ? [...state.intervals] : [{ readings: 0, anomalies: 0 }];
  }

  /** Readings scored and anomalies opened among them; any batch size. */
  add(readings: number, anomalies: number): void {
    const filling = this.#intervals.at(-1) ?? { readings: 0, anomalies: 0 };
    const filled = { readings: filling.readings + readings, anomalies: filling.anomalies + anomalies };
    this.#intervals[Math.max(0, this.#intervals.length - 1)] = filled;
    if (filled.readings < this.#perInterval) return;
    this.#intervals.push({ readings: 0, anomalies: 0 });
    if (this.#intervals.length > watchedIntervals + 1) this.#intervals.shift();
  }

  snapshot(): AlarmRateState {
    return { intervals: [...this.#intervals] };
  }

  sign(): Sign {
    const full = this.#intervals.slice(0, -1);
    const readings = full.reduce((sum, interval) => sum + interval.readings, 0);
    const anomalies = full.reduce((sum, interval) => sum + interval.anomalies, 0);
    const nominal = readings / this.#perInterval;
    // A batch may be longer than an interval: readings decide, not the number of intervals.
    const value = nominal >= watchedIntervals ? anomalies / nominal : null;
    const text =
      value === null
        ? `${readings} readings so far, at least ${Math.ceil(watchedIntervals * this.#perInterval)} are needed`
        : `${anomalies} anomalies among the last ${readings} readings, ${value.toFixed(1)} times nominal (at most ${border})`;
    return signOf({ name: 'alarm-rate', value, border, text });
  }
}
