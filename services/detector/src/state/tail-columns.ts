import type { ScoredBlock } from '@verdict/detection';
import type { HistoryRows } from '@verdict/storage';

/** Scored rows of one series that wait for their chunk, in growing columns; a signal that is new gets a column. */
export class TailColumns {
  #signals: string[];
  #length = 0;
  #capacity: number;
  #times: Float64Array;
  #values: Float32Array;
  #expected: Float32Array;
  #band: Float32Array;
  #score: Float32Array;
  #flags: Uint8Array;

  constructor(signals: readonly string[], capacity = 4) {
    this.#signals = [...signals];
    this.#capacity = capacity;
    const cells = capacity * signals.length;
    this.#times = new Float64Array(capacity);
    this.#values = new Float32Array(cells);
    this.#expected = new Float32Array(cells);
    this.#band = new Float32Array(cells);
    this.#score = new Float32Array(capacity);
    this.#flags = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Event time between the first and the last row, ms. */
  get spanMs(): number {
    return this.#length === 0 ? 0 : (this.#times[this.#length - 1] ?? 0) - (this.#times[0] ?? 0);
  }

  /** Index of each of these signals; the columns are widened for new ones (NaN in the rows so far). */
  columnsOf(signals: readonly string[]): readonly number[] {
    const added = signals.filter((signal) => !this.#signals.includes(signal));
    if (added.length > 0) this.#rebuild(this.#capacity, [...this.#signals, ...added]);
    return signals.map((signal) => this.#signals.indexOf(signal));
  }

  /** Copies one row of a block; `columns` come from `columnsOf(block.signals)`. */
  append(block: ScoredBlock, row: number, columns: readonly number[]): void {
    if (this.#length === this.#capacity) this.#rebuild(2 * this.#capacity, this.#signals);
    const at = this.#length;
    const width = this.#signals.length;
    this.#values.fill(Number.NaN, at * width, (at + 1) * width);
    this.#expected.fill(Number.NaN, at * width, (at + 1) * width);
    this.#band.fill(Number.NaN, at * width, (at + 1) * width);
    columns.forEach((column, index) => {
      const from = row * columns.length + index;
      const to = at * width + column;
      this.#values[to] = block.values[from] ?? Number.NaN;
      this.#expected[to] = block.expected[from] ?? Number.NaN;
      this.#band[to] = block.band[from] ?? Number.NaN;
    });
    this.#times[at] = block.times[row] ?? 0;
    this.#score[at] = block.score[row] ?? 0;
    this.#flags[at] = block.flags[row] ?? 0;
    this.#length += 1;
  }

  has(timeMs: number): boolean {
    for (let at = this.#length - 1; at >= 0; at -= 1) if (this.#times[at] === timeMs) return true;
    return false;
  }

  /** A copy of the rows later than `afterMs`. */
  rows(afterMs = Number.NEGATIVE_INFINITY): HistoryRows {
    let from = 0;
    while (from < this.#length && (this.#times[from] ?? 0) <= afterMs) from += 1;
    const width = this.#signals.length;
    const cells = (column: Float32Array): Float32Array => column.slice(from * width, this.#length * width);
    return {
      signals: [...this.#signals],
      times: this.#times.slice(from, this.#length),
      values: cells(this.#values),
      expected: cells(this.#expected),
      band: cells(this.#band),
      score: this.#score.slice(from, this.#length),
      flags: this.#flags.slice(from, this.#length),
    };
  }

  static from(rows: HistoryRows): TailColumns {
    return TailColumns.join([rows]);
  }

  /** Pieces one behind the other, over the union of their signals. */
  static join(pieces: readonly HistoryRows[]): TailColumns {
    const size = pieces.reduce((sum, { times }) => sum + times.length, 0);
    const tail = new TailColumns(pieces[0]?.signals ?? [], Math.max(4, size));
    for (const rows of pieces) {
      const columns = tail.columnsOf(rows.signals);
      const block = { series: '', ...rows };
      for (let row = 0; row < rows.times.length; row += 1) tail.append(block, row, columns);
    }
    return tail;
  }

  #rebuild(capacity: number, signals: readonly string[]): void {
    const larger = new TailColumns(signals, capacity);
    const rows = { series: '', ...this.rows() };
    const columns = larger.columnsOf(rows.signals);
    for (let row = 0; row < this.#length; row += 1) larger.append(rows, row, columns);
    this.#signals = larger.#signals;
    this.#capacity = capacity;
    this.#times = larger.#times;
    this.#values = larger.#values;
    this.#expected = larger.#expected;
    this.#band = larger.#band;
    this.#score = larger.#score;
    this.#flags = larger.#flags;
  }
}
