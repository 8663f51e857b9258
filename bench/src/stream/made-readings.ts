import { madeSeries, shuffled } from '../engine/made-series.ts';

/** Event time of the first row; all of them lie in the past, so that any pace is possible. */
const startMs = Date.UTC(2025, 0, 6);
/** Event time between two readings of a series. */
export const intervalMs = 10_000;
/** Rows that a series has at most more than another before anything is measured: a chunk of history is so long. */
export const staggeredRows = 30;
/** Rows that every series has at least before anything is measured: it is warm then, and has thresholds of its own. */
export const warmRows = 130;

/** The readings of a measurement: one signal, a row of every series at a time, in another order each time. */
export interface MadeReadings {
  readonly keys: readonly string[];
  readonly signal: string;
  /** Rows that a series has before the first measured one: chunks of history are cut at different times. */
  rowsBefore(series: number): number;
  /** Series in the order in which a row's readings arrive. */
  orderOf(row: number): readonly number[];
  timeMs(series: number, row: number): number;
  value(series: number, row: number): number;
}

/** `row` counts from 0 at the first measured reading of each series; `leastRows` lie before it. */
export function madeReadings(count: number, seed: number, leastRows = warmRows): MadeReadings {
  const made = madeSeries(count, 1);
  const indexes = Array.from({ length: count }, (_, index) => index);
  const orders = new Map<number, readonly number[]>();
  const orderOf = (row: number): readonly number[] => {
    const order = orders.get(row) ?? shuffled(indexes, seed * 7919 + row + 1);
    if (!orders.has(row)) orders.delete(row - 4);
    orders.set(row, order);
    return order;
  };
  const rowsBefore = (series: number) => leastRows + (series % staggeredRows);
  return {
    keys: made.map(({ key }) => key),
    signal: made[0]?.signals[0] ?? '',
    rowsBefore,
    orderOf,
    timeMs: (series, row) => startMs + (rowsBefore(series) + row) * intervalMs,
    value: (series, row) => Math.fround(made[series]?.value(rowsBefore(series) + row, 0) ?? 0),
  };
}
