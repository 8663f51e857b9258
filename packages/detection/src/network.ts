/**
 * A learnt net: takes scaled windows and gives back how they should have looked.
 *
 * Contract: rows are independent of each other, and a row's answer is bit-equal whatever the number and the
 * order of the rows it is sent with. The engine's exactness rests on this. Calls may overlap: several
 * engines may share one net.
 */
export interface Network {
  /** Numbers per row: window × signals of a unit. */
  readonly inputWidth: number;
  /**
   * @param rows count × inputWidth, row-major, finite; may be longer, what lies behind is ignored. The
   *   engine reuses the array after the promise has settled.
   * @param count number of rows, at least 1
   * @returns the reconstruction, count × inputWidth, owned by the caller until the next call
   */
  run(rows: Float32Array, count: number): Promise<Float32Array>;
}
