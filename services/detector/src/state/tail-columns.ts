import type { ScoredBlock } from '@verdict/detection';
import { type HistoryRows, keptBand, keptExpected, keptScore } from '@verdict/storage';

type Rows = Omit<HistoryRows, 'signals'>;

const firstCapacity = 8;

/** Scored rows of one series that wait for their chunk, in growing columns; a signal that is new gets a column. */
export class TailColumns {
  #signals: readonly string[];
  #length = 0;
  /** Rows that are in a snapshot as they are now. */
  #kept = 0;
  #capacity = 0;
  #times = noTimes;
  #values = noNumbers;
  #expected = noNumbers;
  #band = noNumbers;
  #score = noNumbers;
  #flags = noFlags;

  constructor(signals: readonly string[], capacity = firstCapacity) {
    this.#signals = signals;
    this.#allocate(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Event time between the first and the last row, ms. */
  get spanMs(): number {
    return this.#length === 0 ? 0 : (this.#times[this.#length - 1] ?? 0) - (this.#times[0] ?? 0);
  }

  /**
   * Index of each of these signals, the columns being widened for new ones (NaN in the rows so far); null when the
   * signals are just those of the columns.
   */
  columnsOf(signals: readonly string[]): readonly number[] | null {
    if (isSame(signals, this.#signals)) return null;
    const added = signals.filter((signal) => !this.#signals.includes(signal));
    if (added.length > 0) this.#widen([...this.#signals, ...added]);
    return signals.map((signal) => this.#signals.indexOf(signal));
  }

  /** Takes one row of a block in the precision that history keeps; `columns` come from `columnsOf(block.signals)`. */
  append(block: Pick<ScoredBlock, keyof Rows>, row: number, columns: readonly number[] | null): void {
    if (this.#length === this.#capacity) this.#grow();
    const at = this.#length;
    const width = this.#signals.length;
    const [values, expected, band] = [this.#values, this.#expected, this.#band];
    if (columns === null)
      for (let to = at * width, from = row * width; to < (at + 1) * width; to += 1, from += 1) {
        values[to] = block.values[from] ?? Number.NaN;
        const halfWidth = block.band[from] ?? Number.NaN;
        expected[to] = keptExpected(block.expected[from] ?? Number.NaN, halfWidth);
        band[to] = keptBand(halfWidth);
      }
    else {
      for (const table of [values, expected, band]) table.fill(Number.NaN, at * width, (at + 1) * width);
      columns.forEach((column, index) => {
        const from = row * columns.length + index;
        const to = at * width + column;
        values[to] = block.values[from] ?? Number.NaN;
        const halfWidth = block.band[from] ?? Number.NaN;
        expected[to] = keptExpected(block.expected[from] ?? Number.NaN, halfWidth);
        band[to] = keptBand(halfWidth);
      });
    }
    this.#times[at] = block.times[row] ?? 0;
    this.#score[at] = keptScore(block.score[row] ?? 0);
    this.#flags[at] = block.flags[row] ?? 0;
    this.#length += 1;
  }

  /** Rows of just the signals of the columns, for which there is room. */
  #appendAll({ times, values, expected, band, score, flags }: Rows): void {
    const at = this.#length;
    const width = this.#signals.length;
    this.#times.set(times, at);
    this.#values.set(values, at * width);
    this.#expected.set(expected, at * width);
    this.#band.set(band, at * width);
    this.#score.set(score, at);
    this.#flags.set(flags, at);
    this.#length += times.length;
  }

  has(timeMs: number): boolean {
    for (let at = this.#length - 1; at >= 0; at -= 1) if (this.#times[at] === timeMs) return true;
    return false;
  }

  /** The rows later than `afterMs`, as a view: valid until something is appended. */
  view(afterMs = Number.NEGATIVE_INFINITY): HistoryRows {
    let from = 0;
    while (from < this.#length && (this.#times[from] ?? 0) <= afterMs) from += 1;
    return this.#viewFrom(from);
  }

  /** What came since `keep()`: a view of the rows behind the first `kept` ones. */
  fresh(): { readonly kept: number; readonly rows: HistoryRows } {
    return { kept: this.#kept, rows: this.#viewFrom(this.#kept) };
  }

  /** A snapshot holds the rows of now. */
  keep(): void {
    this.#kept = this.#length;
  }

  #viewFrom(from: number): HistoryRows {
    const width = this.#signals.length;
    const to = this.#length;
    return {
      signals: this.#signals,
      times: this.#times.subarray(from, to),
      values: this.#values.subarray(from * width, to * width),
      expected: this.#expected.subarray(from * width, to * width),
      band: this.#band.subarray(from * width, to * width),
      score: this.#score.subarray(from, to),
      flags: this.#flags.subarray(from, to),
    };
  }

  /** A copy of the rows later than `afterMs`. */
  rows(afterMs = Number.NEGATIVE_INFINITY): HistoryRows {
    const { signals, times, values, expected, band, score, flags } = this.view(afterMs);
    return {
      signals: [...signals],
      times: times.slice(),
      values: values.slice(),
      expected: expected.slice(),
      band: band.slice(),
      score: score.slice(),
      flags: flags.slice(),
    };
  }

  static from(rows: HistoryRows): TailColumns {
    return TailColumns.join([rows]);
  }

  /** Pieces one behind the other, over the union of their signals. */
  static join(pieces: readonly HistoryRows[]): TailColumns {
    const size = pieces.reduce((sum, { times }) => sum + times.length, 0);
    const tail = new TailColumns([...(pieces[0]?.signals ?? [])], Math.max(firstCapacity, size));
    for (const rows of pieces) {
      const columns = tail.columnsOf(rows.signals);
      if (columns === null) tail.#appendAll(rows);
      else for (let row = 0; row < rows.times.length; row += 1) tail.append(rows, row, columns);
    }
    return tail;
  }

  /** One piece of memory for all columns: there is a tail for every series. */
  #allocate(capacity: number): void {
    const cells = capacity * this.#signals.length;
    const buffer = new ArrayBuffer(8 * capacity + 12 * cells + 5 * capacity);
    const floats = (place: number) => new Float32Array(buffer, 8 * capacity + 4 * place * cells, cells);
    this.#capacity = capacity;
    this.#times = new Float64Array(buffer, 0, capacity);
    [this.#values, this.#expected, this.#band] = [floats(0), floats(1), floats(2)];
    this.#score = new Float32Array(buffer, 8 * capacity + 12 * cells, capacity);
    this.#flags = new Uint8Array(buffer, 12 * capacity + 12 * cells, capacity);
  }

  #grow(): void {
    const { times, values, expected, band, score, flags } = this.view();
    this.#allocate(this.#capacity < 32 ? 32 : 2 * this.#capacity);
    this.#times.set(times);
    this.#values.set(values);
    this.#expected.set(expected);
    this.#band.set(band);
    this.#score.set(score);
    this.#flags.set(flags);
  }

  #widen(signals: readonly string[]): void {
    const rows = this.view();
    this.#signals = signals;
    this.#length = 0;
    this.#kept = 0;
    this.#allocate(this.#capacity);
    const columns = rows.signals.map((_, column) => column);
    for (let row = 0; row < rows.times.length; row += 1) this.append(rows, row, columns);
  }
}

const noTimes = new Float64Array(0);
const noNumbers = new Float32Array(0);
const noFlags = new Uint8Array(0);

function isSame(one: readonly string[], other: readonly string[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((signal, at) => signal === other[at]);
}
