import type { Explained } from '../corpus/interpretation.ts';
import { hitRate } from '../scorers/hit-rate.ts';
import type { SeriesRun } from './series-run.ts';

/** Mean hit rates over labelled events, at 100 % and at 150 %. */
export interface HitRates {
  /** Labelled events with an explanation. */
  readonly events: number;
  /** Of these, events that an anomaly overlaps. */
  readonly explained: number;
  /** By the shares that people were told of overlapping anomalies; over the events that have any. */
  readonly told: { readonly at100: number; readonly at150: number };
  /** By the mean over an event's readings of each signal's part of the distance from what was expected; all events. */
  readonly readings: { readonly at100: number; readonly at150: number };
}

/** Sums of several series, to be divided at the end. */
export class HitRateSum {
  #events = 0;
  #explained = 0;
  readonly #told = { at100: 0, at150: 0 };
  readonly #readings = { at100: 0, at150: 0 };

  add(run: SeriesRun, explained: readonly Explained[]): void {
    for (const { rows, signals } of explained) {
      if (signals.length === 0) continue;
      this.#events += 1;
      grow(this.#readings, meanShares(run, rows[0], rows[1]), signals);
      const told = toldShares(run, rows[0], rows[1]);
      if (told === null) continue;
      this.#explained += 1;
      grow(this.#told, told, signals);
    }
  }

  rates(): HitRates {
    const over = ({ at100, at150 }: { at100: number; at150: number }, count: number) => ({
      at100: at100 / count,
      at150: at150 / count,
    });
    return {
      events: this.#events,
      explained: this.#explained,
      told: over(this.#told, this.#explained),
      readings: over(this.#readings, this.#events),
    };
  }
}

function grow(
  sum: { at100: number; at150: number },
  shares: Float64Array,
  explaining: readonly number[],
): void {
  sum.at100 += hitRate(shares, explaining, 1);
  sum.at150 += hitRate(shares, explaining, 1.5);
}

function meanShares({ distance, signals }: SeriesRun, first: number, last: number): Float64Array {
  const width = signals.length;
  const shares = new Float64Array(width);
  for (let row = first; row <= last; row += 1) {
    const parts = distance.subarray(row * width, (row + 1) * width);
    const sum = parts.reduce((total, part) => total + part, 0);
    if (sum === 0) continue;
    parts.forEach((part, column) => {
      shares[column] = (shares[column] ?? 0) + part / sum;
    });
  }
  return shares;
}

function toldShares({ told, times, signals }: SeriesRun, first: number, last: number): Float64Array | null {
  const [fromMs, toMs] = [times[first] ?? Number.NaN, times[last] ?? Number.NaN];
  const overlapping = told.filter(({ startTime, endTime }) => startTime <= toMs && endTime >= fromMs);
  if (overlapping.length === 0) return null;
  const shares = new Float64Array(signals.length);
  for (const { signals: parts } of overlapping)
    for (const { signal, share } of parts) {
      const column = signals.indexOf(signal);
      if (column >= 0) shares[column] = (shares[column] ?? 0) + share;
    }
  return shares;
}
