/**
 * Consecutive readings of one series, ascending in time.
 * `values` is row-major (reading × signal); NaN = missing. Times are epoch milliseconds.
 */
export interface ReadingBlock {
  readonly series: string;
  readonly signals: readonly string[];
  readonly times: Float64Array;
  readonly values: Float32Array;
}
