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
  /** Room for all values, then for what was expected, the bands and the scores. */
  #numbers = noNumbers;
  #flags = noFlags;

  constructor(signals: readonly string[], capacity = firstCapacity) {
    this.#signals = signals;
    this.#allocate(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Event time of the first row, epoch ms; NaN when there is none. */
  get firstMs(): number {
    return this.#length === 0 ? Number.NaN : (this.#times[0] ?? Number.NaN);
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
    const cells = this.#capacity * width;
    const numbers = this.#numbers;
    if (columns === null)
      for (let to = at * width, from = row * width; to < (at + 1) * width; to += 1, from += 1) {
        const halfWidth = block.band[from] ?? Number.NaN;
        numbers[to] = block.values[from] ?? Number.NaN;
        numbers[cells + to] = keptExpected(block.expected[from] ?? Number.NaN, halfWidth);
        numbers[2 * cells + to] = keptBand(halfWidth);
      }
    else {
      for (let table = 0; table < 3; table += 1)
        numbers.fill(Number.NaN, table * cells + at * width, table * cells + (at + 1) * width);
      columns.forEach((column, index) => {
        const from = row * columns.length + index;
        const to = at * width + column;
        const halfWidth = block.band[from] ?? Number.NaN;
        numbers[to] = block.values[from] ?? Number.NaN;
        numbers[cells + to] = keptExpected(block.expected[from] ?? Number.NaN, halfWidth);
        numbers[2 * cells + to] = keptBand(halfWidth);
      });
    }
    this.#times[at] = block.times[row] ?? 0;
    numbers[3 * cells + at] = keptScore(block.score[row] ?? 0);
    this.#flags[at] = block.flags[row] ?? 0;
    this.#length += 1;
  }

  /** Rows of just the signals of the columns, for which there is room. */
  #appendAll({ times, values, expected, band, score, flags }: Rows): void {
    const at = this.#length;
    const width = this.#signals.length;
    this.#times.set(times, at);
    const cells = this.#capacity * width;
    this.#numbers.set(values, at * width);
    this.#numbers.set(expected, cells + at * width);
    this.#numbers.set(band, 2 * cells + at * width);
    this.#numbers.set(score, 3 * cells + at);
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

  /** What came since the last snapshot, a view of the rows behind the first `kept` ones; from now on they are in one. */
  takeFresh(): { readonly kept: number; readonly rows: HistoryRows } {
    const kept = this.#kept;
    this.keep();
    return { kept, rows: this.#viewFrom(kept) };
  }

  /** A snapshot holds the rows of now. */
  keep(): void {
    this.#kept = this.#length;
  }

  #viewFrom(from: number): HistoryRows {
    const width = this.#signals.length;
    const cells = this.#capacity * width;
    const rows = this.#length - from;
    const { buffer, byteOffset } = this.#numbers;
    // As `subarray`, which takes several times as long.
    const numbers = (at: number, count: number) => new Float32Array(buffer, byteOffset + 4 * at, count);
    return {
      signals: this.#signals,
      times: new Float64Array(buffer, 8 * from, rows),
      values: numbers(from * width, rows * width),
      expected: numbers(cells + from * width, rows * width),
      band: numbers(2 * cells + from * width, rows * width),
      score: numbers(3 * cells + from, rows),
      flags: new Uint8Array(buffer, this.#flags.byteOffset + from, rows),
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

  /** One piece of memory, and few views of it: there is a tail for every series. */
  #allocate(capacity: number): void {
    const numbers = (3 * this.#signals.length + 1) * capacity;
    const buffer = new ArrayBuffer(8 * capacity + 4 * numbers + capacity);
    this.#capacity = capacity;
    this.#times = new Float64Array(buffer, 0, capacity);
    this.#numbers = new Float32Array(buffer, 8 * capacity, numbers);
    this.#flags = new Uint8Array(buffer, 8 * capacity + 4 * numbers, capacity);
  }

  #grow(): void {
    const rows = this.view();
    this.#length = 0;
    this.#allocate(this.#capacity < 32 ? 32 : 2 * this.#capacity);
    this.#appendAll(rows);
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
