/**
 * Consecutive readings of one series, ascending in time.
 *
 * Readings that are not newer than what the engine has already seen are refused, never scored, so a block
 * may safely be sent again.
 */
export interface SeriesBlock {
  /** Key of the series, such as `shop/cart`. */
  readonly series: string;
  /** Names of the columns of `values`, unique. They may differ from block to block. */
  readonly signals: readonly string[];
  /** Event times in epoch milliseconds, one per row. */
  readonly times: Float64Array;
  /** rows × signals, row-major, `NaN` = missing; magnitudes beyond Float32 count as its largest number. */
  readonly values: Float32Array;
}
