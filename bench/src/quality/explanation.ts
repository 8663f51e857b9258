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
  readonly told: AtBoth;
  /** By the mean over an event's readings of each signal's part of the distance from what was expected; all events. */
  readonly readings: AtBoth;
}

/** Sums over labelled events, to be divided at the end. */
export interface HitCounts {
  readonly events: number;
  readonly explained: number;
  readonly told: AtBoth;
  readonly readings: AtBoth;
}

interface AtBoth {
  readonly at100: number;
  readonly at150: number;
}

const nothing: AtBoth = { at100: 0, at150: 0 };
export const noHits: HitCounts = { events: 0, explained: 0, told: nothing, readings: nothing };

/** Compares what was told of the labelled events of one series with what explains them. */
export function countHits(run: SeriesRun, explained: readonly Explained[]): HitCounts {
  return explained
    .filter(({ signals }) => signals.length > 0)
    .map(({ rows: [first, last], signals }) => {
      const told = toldShares(run, first, last);
      return {
        events: 1,
        explained: told === null ? 0 : 1,
        told: told === null ? nothing : hitsAt(told, signals),
        readings: hitsAt(meanShares(run, first, last), signals),
      };
    })
    .reduce(addHits, noHits);
}

export function addHits(a: HitCounts, b: HitCounts): HitCounts {
  const both = (one: AtBoth, other: AtBoth) => ({
    at100: one.at100 + other.at100,
    at150: one.at150 + other.at150,
  });
  return {
    events: a.events + b.events,
    explained: a.explained + b.explained,
    told: both(a.told, b.told),
    readings: both(a.readings, b.readings),
  };
}

export function hitRates({ events, explained, told, readings }: HitCounts): HitRates {
  const over = ({ at100, at150 }: AtBoth, count: number) => ({ at100: at100 / count, at150: at150 / count });
  return { events, explained, told: over(told, explained), readings: over(readings, events) };
}

function hitsAt(shares: Float64Array, explaining: readonly number[]): AtBoth {
  return { at100: hitRate(shares, explaining, 1), at150: hitRate(shares, explaining, 1.5) };
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
