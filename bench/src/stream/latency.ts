import { quantile } from '@verdict/detection';
import type { LoadResult } from '../stream-client/load.ts';

/** How long people wait at one load; times in ms. */
export interface Latency {
  /** Of the most that the whole path took. */
  readonly share: number;
  readonly perSecond: number;
  /** From the acknowledged POST to the anomaly at the client. */
  readonly anomaly: { readonly p50: number; readonly p99: number; readonly count: number };
  /** From the POST to its answer. */
  readonly answer: { readonly p50: number; readonly p99: number };
  /** Odd values of which nothing was told within the patience. */
  readonly untold: number;
}

export function latencyOf(share: number, perSecond: number, sent: LoadResult): Latency {
  const quantiles = (ascending: readonly number[]) => ({
    p50: quantile(Float64Array.from(ascending), 0.5),
    p99: quantile(Float64Array.from(ascending), 0.99),
  });
  return {
    share,
    perSecond,
    anomaly: { ...quantiles(sent.anomalyMs), count: sent.anomalyMs.length },
    answer: quantiles(sent.answerMs),
    untold: sent.oddSent - sent.anomalyMs.length,
  };
}
