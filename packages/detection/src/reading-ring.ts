import type { StateReader, StateWriter } from './state-codec.ts';

/** Recent readings that are kept per unit, and times per series. */
export const ringRows = 256;

/** Marks of a row. */
export const RowMark = {
  flagged: 1,
  /** First flagged row after some quiet ones. */
  episode: 2,
  /** A gap lies before this row. */
  afterGap: 4,
} as const;

/**
 * The last {@link ringRows} readings of a unit. `raw` is what came; `clean` is what windows are made of:
 * the same, but with the expectation in place of flagged and missing values.
 */
export class ReadingRing {
  readonly width: number;
  readonly #raw: Float32Array;
  readonly #clean: Float32Array;
  readonly #marks = new Uint8Array(ringRows);
  /** Rows ever taken. */
  count = 0;
  /** Rows since the newest gap. */
  sinceGap = 0;
  /** Flagged episodes among the rows kept. */
  episodes = 0;

  constructor(width: number) {
    this.width = width;
    this.#raw = new Float32Array(ringRows * width);
    this.#clean = new Float32Array(ringRows * width);
  }

  /** Oldest row still kept. Rows are numbered from 0 for the first one ever. */
  get first(): number {
    return Math.max(0, this.count - ringRows);
  }

  push(raw: Float32Array, clean: Float32Array, marks: number): void {
    const slot = this.count % ringRows;
    if (this.count >= ringRows && ((this.#marks[slot] ?? 0) & RowMark.episode) !== 0) this.episodes -= 1;
    this.#raw.set(raw, slot * this.width);
    this.#clean.set(clean, slot * this.width);
    this.#marks[slot] = marks;
    if ((marks & RowMark.episode) !== 0) this.episodes += 1;
    this.sinceGap = (marks & RowMark.afterGap) !== 0 ? 1 : this.sinceGap + 1;
    this.count += 1;
  }

  /** @param row first … count − 1 */
  raw(row: number, column: number): number {
    return this.#raw[(row % ringRows) * this.width + column] ?? Number.NaN;
  }

  clean(row: number, column: number): number {
    return this.#clean[(row % ringRows) * this.width + column] ?? Number.NaN;
  }

  has(row: number, mark: number): boolean {
    return ((this.#marks[row % ringRows] ?? 0) & mark) !== 0;
  }

  /** Gives the newest `rows` rows back their raw values, where there are any. */
  trustNewest(rows: number): void {
    for (let row = Math.max(this.first, this.count - rows); row < this.count; row += 1) {
      for (let column = 0; column < this.width; column += 1) {
        const raw = this.raw(row, column);
        if (!Number.isNaN(raw)) this.#clean[(row % ringRows) * this.width + column] = raw;
      }
    }
  }

  write(to: StateWriter): void {
    const kept = Math.min(this.count, ringRows);
    to.f64(this.count);
    to.f64(this.sinceGap);
    to.u32(this.episodes);
    to.floats(this.#raw, kept * this.width);
    to.floats(this.#clean, kept * this.width);
    to.bytes(this.#marks, kept);
  }

  read(from: StateReader): void {
    this.count = from.f64();
    this.sinceGap = from.f64();
    this.episodes = from.u32(ringRows);
    const kept = Math.min(this.count, ringRows);
    from.floats(this.#raw, kept * this.width);
    from.floats(this.#clean, kept * this.width);
    from.bytes(this.#marks, kept);
  }
}
