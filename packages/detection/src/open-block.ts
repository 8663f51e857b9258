import type { ScoredBlock } from './engine-result.ts';
import type { SeriesBlock } from './series-block.ts';

/** A block whose readings are being scored: collects the accepted rows. */
export class OpenBlock {
  readonly given: SeriesBlock;
  readonly #times: Float64Array;
  readonly #values: Float32Array;
  readonly #expected: Float32Array;
  readonly #band: Float32Array;
  readonly #score: Float32Array;
  readonly #flags: Uint8Array;
  #rows = 0;

  /** @throws RangeError when the lengths do not fit each other or a signal is named twice. */
  constructor(given: SeriesBlock) {
    const rows = given.times.length;
    const size = rows * given.signals.length;
    if (given.values.length !== size) {
      throw new RangeError(
        `block of ${given.series}: ${rows} times and ${given.signals.length} signals need ${size} values, not ${given.values.length}`,
      );
    }
    if (new Set(given.signals).size !== given.signals.length) {
      throw new RangeError(`block of ${given.series}: a signal is named twice`);
    }
    this.given = given;
    this.#times = new Float64Array(rows);
    this.#values = new Float32Array(size);
    this.#expected = new Float32Array(size).fill(Number.NaN);
    this.#band = new Float32Array(size).fill(Number.NaN);
    this.#score = new Float32Array(rows);
    this.#flags = new Uint8Array(rows);
  }

  /** Takes over a row as given. @returns its number among the accepted ones. */
  accept(row: number): number {
    const width = this.given.signals.length;
    const accepted = this.#rows;
    this.#times[accepted] = this.given.times[row] ?? Number.NaN;
    this.#values.set(this.given.values.subarray(row * width, (row + 1) * width), accepted * width);
    this.#rows += 1;
    return accepted;
  }

  expect(row: number, column: number, expected: number, band: number): void {
    const at = row * this.given.signals.length + column;
    this.#expected[at] = expected;
    this.#band[at] = band;
  }

  score(row: number, score: number, flags: number): void {
    this.#score[row] = score;
    this.#flags[row] = flags;
  }

  /** `null` when no row was accepted. */
  finish(): ScoredBlock | null {
    const rows = this.#rows;
    if (rows === 0) return null;
    const size = rows * this.given.signals.length;
    return {
      series: this.given.series,
      signals: this.given.signals,
      times: this.#times.slice(0, rows),
      values: this.#values.slice(0, size),
      expected: this.#expected.slice(0, size),
      band: this.#band.slice(0, size),
      score: this.#score.slice(0, rows),
      flags: this.#flags.slice(0, rows),
    };
  }
}
