import type { ScoredBlock, Sliced } from '@verdict/detection';
import type { HistoryRows } from '@verdict/storage';
import { TailColumns } from './tail-columns.ts';

/** A piece of history, ready to be written. */
export interface Chunk {
  readonly series: string;
  readonly rows: HistoryRows;
}

/** When a tail is cut. It follows from the readings alone, so a replay cuts at the same places. */
export const chunkLimits = { readings: 60, spanMs: 5 * 60_000 } as const;

/** Rows that a tail has room for where nothing is known. */
const leastRoom = 8;

/** How long written rows stay readable in memory: whoever has just read the history must not miss them. */
const graceMs = 3000;

/** Rows that a chunk will have if they go on as here: room for them at once instead of bit by bit. */
function roomFor(times: Float64Array, row: number): number {
  const intervalMs = (times[row + 1] ?? Number.NaN) - (times[row] ?? 0);
  const rows = Math.ceil(chunkLimits.spanMs / intervalMs) + 1;
  return Number.isNaN(rows) ? leastRoom : Math.max(leastRoom, Math.min(chunkLimits.readings, rows));
}

/** Per series the scored readings that are not in history yet. */
export class SeriesTails {
  readonly #tails = new Map<string, TailColumns>();
  /** Cut, but not committed. */
  #cut: Chunk[] = [];
  /** Committed a moment ago. */
  #settled: { chunk: Chunk; atMs: number }[] = [];

  /** Adds the rows of a block and cuts what is full. */
  append(block: ScoredBlock): void {
    let tail = this.#tails.get(block.series);
    let columns = tail?.columnsOf(block.signals) ?? null;
    for (let row = 0; row < block.times.length; row += 1) {
      if (tail === undefined) {
        tail = new TailColumns(block.signals, roomFor(block.times, row));
        this.#tails.set(block.series, tail);
        columns = null;
      }
      tail.append(block, row, columns);
      if (tail.length >= chunkLimits.readings || tail.spanMs >= chunkLimits.spanMs) {
        this.cut(block.series);
        tail = undefined;
      }
    }
  }

  /** Cuts a series' tail now, whatever its size. */
  cut(series: string): void {
    const tail = this.#tails.get(series);
    if (tail === undefined) return;
    // Nothing more is appended to it, so a view will do.
    this.#cut.push({ series, rows: tail.view() });
    this.#tails.delete(series);
  }

  /** Chunks that wait for a commit. */
  pending(): readonly Chunk[] {
    return this.#cut;
  }

  /** The pending chunks are committed (or were before, in a replay). `nowMs` is monotonic. */
  settle(nowMs: number): void {
    this.#settled = this.#settled.filter(({ atMs }) => nowMs - atMs < graceMs);
    for (const chunk of this.#cut) this.#settled.push({ chunk, atMs: nowMs });
    this.#cut = [];
  }

  /** Whether this reading is in memory and on its way to history. */
  has(series: string, timeMs: number): boolean {
    return (
      this.#tails.get(series)?.has(timeMs) === true ||
      this.#cut.some((chunk) => chunk.series === series && chunk.rows.times.includes(timeMs))
    );
  }

  /** Rows of a series later than `afterMs`; the oldest of them may be in history already. Null when there are none. */
  newest(series: string, afterMs: number): HistoryRows | null {
    const chunks = [...this.#settled.map(({ chunk }) => chunk), ...this.#cut].filter(
      (chunk) => chunk.series === series && (chunk.rows.times.at(-1) ?? afterMs) > afterMs,
    );
    const tail = this.#tails.get(series)?.rows();
    const pieces = [...chunks.map(({ rows }) => rows), ...(tail === undefined ? [] : [tail])];
    const rows = TailColumns.join(pieces).rows(afterMs);
    return rows.times.length === 0 ? null : rows;
  }

  /** Drops rows that history has already: up to the newest time per series. */
  *trim(newestInHistory: ReadonlyMap<string, number>): Sliced<void> {
    for (const [series, newestMs] of newestInHistory) {
      yield 'step';
      const tail = this.#tails.get(series);
      if (tail === undefined || tail.firstMs > newestMs) continue;
      const rows = tail.rows(newestMs);
      if (rows.times.length === 0) this.#tails.delete(series);
      else this.#tails.set(series, TailColumns.from(rows));
    }
  }

  /** What a series' tail holds that no snapshot did before, a view until the next block; null when it has no tail. */
  takeFresh(series: string): ReturnType<TailColumns['takeFresh']> | null {
    return this.#tails.get(series)?.takeFresh() ?? null;
  }

  /** A series' whole tail, a view until the next block; null when it has none. */
  whole(series: string): ReturnType<TailColumns['takeFresh']> | null {
    const tail = this.#tails.get(series);
    return tail === undefined ? null : { kept: 0, rows: tail.view() };
  }

  /** A snapshot holds all tails as they are now. */
  keep(): void {
    for (const tail of this.#tails.values()) tail.keep();
  }

  /** Pieces of each tail, one behind the other. */
  static *from(entries: Iterable<readonly [string, readonly HistoryRows[]]>): Sliced<SeriesTails> {
    const tails = new SeriesTails();
    for (const [series, pieces] of entries) {
      tails.#tails.set(series, TailColumns.join(pieces));
      yield 'step';
    }
    return tails;
  }
}
