/** Rows that the anchors are fitted on; frozen behind them. A fixed count, as the engine has them. */
export const anchorWarmupRows = 750;

/** Rows of one series, row-major. */
export interface Rows {
  readonly values: Float32Array;
  readonly width: number;
  readonly count: number;
}

/** A value; missing ones count as 0. */
export function valueAt({ values, width }: Rows, row: number, column: number): number {
  const value = values[row * width + column] ?? 0;
  return Number.isNaN(value) ? 0 : value;
}

/** Linear interpolation between the two nearest ranks. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const [low, high] = [Math.floor(at), Math.ceil(at)];
  const [below, above] = [sorted[low] ?? 0, sorted[high] ?? 0];
  return below + (above - below) * (at - low);
}
