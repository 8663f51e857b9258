import type { ByteReader } from './byte-reader.ts';
import { KeyTable } from './key-table.ts';
import { maxTimeMs } from './reading-block.ts';
import { readEnvelope } from './reading-codec.ts';
import { UndecodableEvent } from './undecodable-event.ts';

/** Consecutive readings of one series in a batch of events, ascending in time; see `ReadingBlock`. */
export interface GatheredBlock {
  readonly series: string;
  readonly signals: readonly string[];
  readonly times: Float64Array;
  readonly values: Float32Array;
  /** Per reading: number of the event that brought it. */
  readonly sequences: Float64Array;
}

/** Times that can be used, epoch ms, both ends included. */
interface TimeSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Keys are looked up for every reading of a process, whichever partition it is of. */
const keys = new KeyTable();
/** Lists of signals that were read before, so that equal ones are the same. */
const signalLists = new Map<string, readonly string[]>();
const mostLists = 10_000;

const noBlock = -1;

/**
 * Gathers the readings of many events in columns, series by series: what costs something per block costs it once for all
 * readings of a series, and nothing is made per reading.
 */
export class ReadingColumns {
  #times = new Float64Array(1024);
  #values = new Float32Array(1024);
  #sequences = new Float64Array(1024);
  #rows = 0;
  #cells = 0;
  /** Blocks as they stand in events: series, signals, first row, number of rows, first cell. */
  readonly #series: string[] = [];
  readonly #signals: (readonly string[])[] = [];
  readonly #firstRow: number[] = [];
  readonly #firstCell: number[] = [];
  readonly #span: TimeSpan;

  constructor(span: TimeSpan = { firstMs: -maxTimeMs, lastMs: maxTimeMs }) {
    this.#span = span;
  }

  /** Takes an event's readings. Throws `UndecodableEvent`, and then takes nothing of it. */
  add(body: Uint8Array, sequence: number): void {
    const [blocks, rows, cells] = [this.#series.length, this.#rows, this.#cells];
    try {
      this.#read(body, sequence);
    } catch (error) {
      for (const column of [this.#series, this.#signals, this.#firstRow, this.#firstCell])
        column.length = blocks;
      this.#rows = rows;
      this.#cells = cells;
      throw error;
    }
  }

  /**
   * All of them, in the order in which series were read last. Readings of a series that do not ascend, or have other
   * signals, begin another block behind.
   */
  blocks(): GatheredBlock[] {
    const count = this.#series.length;
    // Per block: the next one that goes on where it ends, and the first one of its chain.
    const next = new Int32Array(count).fill(noBlock);
    const first = new Int32Array(count);
    const tails = new Map<string, number>();
    for (let block = 0; block < count; block += 1) {
      const series = this.#series[block] ?? '';
      const before = tails.get(series);
      const goesOn = before !== undefined && this.#goesOn(before, block);
      if (goesOn) next[before] = block;
      first[block] = goesOn ? (first[before] ?? block) : block;
      tails.set(series, block);
    }
    const heads: number[] = [];
    for (let block = 0; block < count; block += 1)
      if (next[block] === noBlock) heads.push(first[block] ?? block);
    const [times, values, sequences] = [
      new Float64Array(this.#rows),
      new Float32Array(this.#cells),
      new Float64Array(this.#rows),
    ];
    let row = 0;
    let cell = 0;
    return heads.map((head) => {
      const [fromRow, fromCell] = [row, cell];
      for (let block = head; block !== noBlock; block = next[block] ?? noBlock) {
        const [start, end] = [this.#firstRow[block] ?? 0, this.#endRow(block)];
        for (let from = start; from < end; from += 1) {
          times[row] = this.#times[from] ?? 0;
          sequences[row] = this.#sequences[from] ?? 0;
          row += 1;
        }
        const cells = (end - start) * (this.#signals[block]?.length ?? 0);
        const firstCell = this.#firstCell[block] ?? 0;
        for (let from = firstCell; from < firstCell + cells; from += 1) {
          values[cell] = this.#values[from] ?? 0;
          cell += 1;
        }
      }
      // As `subarray`, which takes several times as long.
      return {
        series: this.#series[head] ?? '',
        signals: this.#signals[head] ?? [],
        times: new Float64Array(times.buffer, 8 * fromRow, row - fromRow),
        values: new Float32Array(values.buffer, 4 * fromCell, cell - fromCell),
        sequences: new Float64Array(sequences.buffer, 8 * fromRow, row - fromRow),
      };
    });
  }

  #endRow(block: number): number {
    return this.#firstRow[block + 1] ?? this.#rows;
  }

  #goesOn(before: number, block: number): boolean {
    return (
      this.#signals[before] === this.#signals[block] &&
      (this.#times[this.#firstRow[block] ?? 0] ?? 0) > (this.#times[this.#endRow(before) - 1] ?? 0)
    );
  }

  #read(body: Uint8Array, sequence: number): void {
    const { reader, lists, baseMs, blocks } = readEnvelope(body);
    const known = lists.map(sameList);
    for (let block = 0; block < blocks; block += 1) this.#readBlock(reader, known, { baseMs, sequence });
    if (reader.remaining > 0) throw new UndecodableEvent(`${reader.remaining} bytes too many`);
  }

  #readBlock(
    reader: ByteReader,
    lists: readonly (readonly string[])[],
    { baseMs, sequence }: { baseMs: number; sequence: number },
  ): void {
    const series = reader.key(keys);
    const signals = lists[reader.varint('index of a signal list', lists.length)];
    if (signals === undefined) throw new UndecodableEvent('a signal list that does not exist');
    // A reading takes at least one byte for its time and four for each value.
    const room = Math.floor(reader.remaining / (1 + 4 * signals.length));
    const count = reader.varint('number of readings', room);
    if (count === 0) throw new UndecodableEvent(`block of ${JSON.stringify(series)}: no readings`);
    const row = this.#rows;
    this.#makeRoom(count, count * signals.length);
    this.#series.push(series);
    this.#signals.push(signals);
    this.#firstRow.push(row);
    this.#firstCell.push(this.#cells);
    const { firstMs, lastMs } = this.#span;
    let timeMs = baseMs;
    for (let at = row; at < row + count; at += 1) {
      const stepMs = reader.varint('time', 2 * maxTimeMs);
      timeMs += stepMs;
      if (timeMs < firstMs || timeMs > lastMs)
        throw new UndecodableEvent(
          `block of ${series}: a time outside of the years ${yearOf(firstMs)} to ${yearOf(lastMs)}`,
        );
      if (at > row && stepMs === 0)
        throw new UndecodableEvent(`block of ${JSON.stringify(series)}: times do not ascend`);
      this.#times[at] = timeMs;
      this.#sequences[at] = sequence;
    }
    if (!reader.float32sInto(this.#values, this.#cells, count * signals.length))
      throw new UndecodableEvent(`block of ${JSON.stringify(series)}: an infinite value`);
    this.#rows += count;
    this.#cells += count * signals.length;
  }

  #makeRoom(rows: number, cells: number): void {
    if (this.#rows + rows > this.#times.length) {
      const size = Math.max(2 * this.#times.length, this.#rows + rows);
      this.#times = grown(this.#times, new Float64Array(size));
      this.#sequences = grown(this.#sequences, new Float64Array(size));
    }
    if (this.#cells + cells > this.#values.length)
      this.#values = grown(
        this.#values,
        new Float32Array(Math.max(2 * this.#values.length, this.#cells + cells)),
      );
  }
}

function grown<T extends Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

function yearOf(timeMs: number): number {
  return new Date(timeMs).getUTCFullYear();
}

function sameList(signals: readonly string[]): readonly string[] {
  const name = signals.join('\n');
  let list = signalLists.get(name);
  if (list === undefined) {
    if (signalLists.size >= mostLists) signalLists.clear();
    list = signals;
    signalLists.set(name, list);
  }
  return list;
}
