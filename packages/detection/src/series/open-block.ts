import type { ScoredBlock } from '../engine-result.ts';
import type { SeriesBlock } from '../series-block.ts';

/** A block whose readings are being scored: the accepted rows come first, in the order in which they were given. */
export type OpenBlock = { -readonly [Name in keyof ScoredBlock]: ScoredBlock[Name] };

/** @throws RangeError when the lengths do not fit each other or a signal is named twice. */
export function checkBlock({ series, signals, times, values }: SeriesBlock): void {
  const [rows, size] = [times.length, times.length * signals.length];
  if (values.length !== size) {
    throw new RangeError(
      `block of ${series}: ${rows} times and ${signals.length} signals need ${size} values, not ${values.length}`,
    );
  }
  if (signals.length > 1 && new Set(signals).size !== signals.length)
    throw new RangeError(`block of ${series}: a signal is named twice`);
}

/** Makes the blocks of one call; what is written about them shares one piece of memory. */
export class OpenBlocks {
  readonly #buffer: ArrayBuffer;
  #at = 0;

  constructor(blocks: readonly SeriesBlock[]) {
    let floats = 0;
    let rows = 0;
    for (const { times, values } of blocks) {
      floats += 2 * values.length + times.length;
      rows += wholeWords(times.length);
    }
    this.#buffer = new ArrayBuffer(4 * floats + rows);
    new Float32Array(this.#buffer).fill(Number.NaN);
  }

  /** As long as no row is refused, times and values are those of the block that was given. */
  open({ series, signals, times, values }: SeriesBlock): OpenBlock {
    const expected = this.#floats(values.length);
    const band = this.#floats(values.length);
    const score = this.#floats(times.length);
    const flags = new Uint8Array(this.#buffer, this.#at, times.length);
    this.#at += wholeWords(times.length);
    return { series, signals, times, values, expected, band, score, flags };
  }

  #floats(count: number): Float32Array {
    const floats = new Float32Array(this.#buffer, this.#at, count);
    this.#at += 4 * count;
    return floats;
  }
}

function wholeWords(bytes: number): number {
  return (bytes + 3) & ~3;
}

/** Takes over a row as given; `accepted` rows came before it. */
export function acceptRow(block: OpenBlock, given: SeriesBlock, row: number, accepted: number): void {
  if (row === accepted) return;
  const width = given.signals.length;
  if (block.times === given.times) {
    block.times = given.times.slice();
    block.values = given.values.slice();
  }
  block.times[accepted] = given.times[row] ?? Number.NaN;
  block.values.set(given.values.subarray(row * width, (row + 1) * width), accepted * width);
}

/** The block with its accepted rows only. */
export function closeBlock(block: OpenBlock, accepted: number): ScoredBlock {
  if (accepted === block.times.length) return block;
  const size = accepted * block.signals.length;
  return {
    series: block.series,
    signals: block.signals,
    times: block.times.slice(0, accepted),
    values: block.values.slice(0, size),
    expected: block.expected.slice(0, size),
    band: block.band.slice(0, size),
    score: block.score.slice(0, accepted),
    flags: block.flags.slice(0, accepted),
  };
}
