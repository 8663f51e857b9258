import type { ScoredBlock } from '../engine-result.ts';
import type { SeriesBlock } from '../series-block.ts';
import { sameSignals } from './unit-columns.ts';

/** @throws RangeError when the lengths of a block do not fit each other or a signal is named twice. */
export function checkBlocks(blocks: readonly SeriesBlock[]): void {
  // Most blocks of a call name the same signals, which is soon told.
  let distinct: readonly string[] = [];
  for (const { series, signals, times, values } of blocks) {
    const rows = times.length;
    const size = rows * signals.length;
    if (values.length !== size) {
      throw new RangeError(
        `block of ${series}: ${rows} times and ${signals.length} signals need ${size} values, not ${values.length}`,
      );
    }
    if (signals.length <= 1 || sameSignals(signals, distinct)) continue;
    if (new Set(signals).size !== signals.length)
      throw new RangeError(`block of ${series}: a signal is named twice`);
    distinct = signals;
  }
}

/** Times and values of the accepted rows of a block of which others were refused. */
type AcceptedRows = Pick<SeriesBlock, 'times' | 'values'>;

/**
 * What is said about the rows of one call: one piece of memory, block behind block, of each block its accepted rows
 * first. Blocks get views of their own at the very end: made before, they would be out of the cache when they are
 * written to.
 */
export class ScoredRows {
  /** One entry per signal of a row; see {@link firstValue}. */
  readonly expected: Float32Array;
  readonly band: Float32Array;
  /** One entry per row; see {@link firstRow}. */
  readonly score: Float32Array;
  readonly flags: Uint8Array;
  readonly #firstRow: Int32Array;
  readonly #firstValue: Int32Array;
  /** Where it is another number than of those given. */
  readonly #partly = new Map<number, AcceptedRows>();

  constructor(blocks: readonly SeriesBlock[]) {
    this.#firstRow = new Int32Array(blocks.length);
    this.#firstValue = new Int32Array(blocks.length);
    let rows = 0;
    let size = 0;
    for (let block = 0; block < blocks.length; block += 1) {
      this.#firstRow[block] = rows;
      this.#firstValue[block] = size;
      rows += blocks[block]?.times.length ?? 0;
      size += blocks[block]?.values.length ?? 0;
    }
    const buffer = new ArrayBuffer(4 * (2 * size + rows) + rows);
    new Float32Array(buffer, 0, 2 * size + rows).fill(Number.NaN);
    this.expected = new Float32Array(buffer, 0, size);
    this.band = new Float32Array(buffer, 4 * size, size);
    this.score = new Float32Array(buffer, 8 * size, rows);
    this.flags = new Uint8Array(buffer, 8 * size + 4 * rows, rows);
  }

  /** Place of a block's first row in `score` and `flags`. */
  firstRow(block: number): number {
    return this.#firstRow[block] ?? 0;
  }

  /** Place of the first number of a block's first row in `expected` and `band`. */
  firstValue(block: number): number {
    return this.#firstValue[block] ?? 0;
  }

  /** Takes over a row as given; `accepted` rows of the block came before it. */
  accept(block: number, given: SeriesBlock, row: number, accepted: number): void {
    if (row === accepted) return;
    const width = given.signals.length;
    let rows = this.#partly.get(block);
    if (rows === undefined) {
      rows = { times: given.times.slice(), values: given.values.slice() };
      this.#partly.set(block, rows);
    }
    rows.times[accepted] = given.times[row] ?? Number.NaN;
    rows.values.set(given.values.subarray(row * width, (row + 1) * width), accepted * width);
  }

  /** A block with its accepted rows. As long as no row is refused, times and values are those that were given. */
  close(block: number, given: SeriesBlock, accepted: number): ScoredBlock {
    const { series, signals } = given;
    const size = accepted * signals.length;
    const row = this.firstRow(block);
    const value = this.firstValue(block);
    const whole = accepted === given.times.length;
    const { times, values } = this.#partly.get(block) ?? given;
    return {
      series,
      signals,
      times: whole ? times : times.slice(0, accepted),
      values: whole ? values : values.slice(0, size),
      expected: floats(this.expected, value, size),
      band: floats(this.band, value, size),
      score: floats(this.score, row, accepted),
      flags: new Uint8Array(this.flags.buffer, this.flags.byteOffset + row, accepted),
    };
  }
}

/** As `subarray`, which takes several times as long. */
function floats({ buffer, byteOffset }: Float32Array, from: number, count: number): Float32Array {
  return new Float32Array(buffer, byteOffset + 4 * from, count);
}
