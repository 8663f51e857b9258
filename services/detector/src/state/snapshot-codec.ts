import { Recurring } from '@verdict/contracts';
import type { Sliced } from '@verdict/detection';
import type { HistoryRows, SeriesStatus } from '@verdict/storage';
import { z } from 'zod';
import { RecordReader, RecordWriter } from './record-bytes.ts';
import { UnusableSnapshot } from './unusable-snapshot.ts';

/**
 * Everything that a partition's detector keeps in memory, after the event `sequence`; or changes: what of it is otherwise
 * than in the snapshot before.
 */
export interface Snapshot {
  readonly sequence: number;
  /** Blob of the snapshot that these changes follow; null = it is whole and follows none. */
  readonly after: string | null;
  /** Version that scored last, and what the built-in one looked at; a replay goes on with the same. */
  readonly model: { readonly version: number; readonly builtIn: BuiltInSettings };
  /** Series that were dropped; they may have come back. None where nothing comes before. */
  readonly gone: readonly string[];
  /** All series, or those that were read since, in the order in which they were last read. */
  readonly series: readonly SeriesRecord[];
  /** The engine's own snapshot, or changes of it; opaque here. */
  readonly engine: Uint8Array;
  /** Version that was scored beside it, and what that engine wrote; null = none. */
  readonly shadow: { readonly version: number; readonly engine: Uint8Array } | null;
}

export interface SeriesRecord {
  readonly status: SeriesStatus;
  /** Rows behind the first `kept` ones that the tail had before; null = it has no tail. */
  readonly tail: { readonly kept: number; readonly rows: HistoryRows } | null;
}

/** A snapshot on its way into bytes: of very many series, tails are looked at one by one while they are written. */
export type TakenSnapshot = Omit<Snapshot, 'series'> & {
  readonly series: readonly SeriesStatus[];
  /** Asked once for each of them. */
  readonly tailOf: (series: string) => SeriesRecord['tail'];
};

/** What the built-in version 0 looks at; comes from the model's spec, which may change. */
export const BuiltInSettings = z.strictObject({
  signals: z.union([z.literal('each'), z.array(z.string()).min(1)]),
  window: z.int().positive(),
  recurring: Recurring.default('habit'),
});
export type BuiltInSettings = z.infer<typeof BuiltInSettings>;

// Layout, little-endian (as typed arrays are on every platform that Node runs on): u32 magic, u8 format version, u32 length
// of the header, header as JSON, records of the series, the engine's bytes, then the shadow's up to the end.
const magic = 0x53504456;
/** 1 and 2 were whole snapshots, 3 changes. */
const format = 4;
const fixedBytes = 9;
/** About what a record takes. */
const recordBytes = 256;
const states = ['warming', 'scored'] as const;
const noTail = 0xffff;

const count = z.int().nonnegative();
const Header = z.strictObject({
  sequence: count,
  after: z.string().min(1).nullable(),
  model: z.strictObject({ version: count, builtIn: BuiltInSettings }),
  gone: z.array(z.string().min(1)),
  /** Lists of signals that records name by their place here. */
  signals: z.array(z.array(z.string())),
  series: count,
  recordBytes: count,
  engineBytes: count,
  shadow: z.strictObject({ version: count, engineBytes: count }).nullable(),
});

export function* encodeSnapshot(snapshot: TakenSnapshot): Sliced<Uint8Array> {
  const { sequence, after, model, gone, series, tailOf, engine, shadow } = snapshot;
  const lists = new SignalLists();
  const records = new RecordWriter(64 + recordBytes * series.length);
  for (const status of series) {
    writeSeries({ status, tail: tailOf(status.series) }, lists, records);
    yield 'step';
  }
  const written = records.written();
  const header = Buffer.from(
    JSON.stringify({
      ...{ sequence, after, model, gone, signals: lists.all, series: series.length },
      recordBytes: written.length,
      engineBytes: engine.length,
      shadow: shadow && { version: shadow.version, engineBytes: shadow.engine.length },
    }),
  );
  const fixed = Buffer.alloc(fixedBytes);
  fixed.writeUInt32LE(magic, 0);
  fixed.writeUInt8(format, 4);
  fixed.writeUInt32LE(header.length, 5);
  return Buffer.concat([fixed, header, written, engine, shadow?.engine ?? Buffer.alloc(0)]);
}

/** @throws UnusableSnapshot for anything that `encodeSnapshot` did not write */
export function* decodeSnapshot(bytes: Uint8Array): Sliced<Snapshot> {
  const from = new RecordReader(bytes);
  if (from.u32() !== magic) throw new UnusableSnapshot('this is not a snapshot of a partition');
  const found = from.u8();
  if (found !== format) throw new UnusableSnapshot(`format ${found}, not ${format}`);
  const { signals, engineBytes, shadow: beside, ...header } = readHeader(from.view(from.u32()));
  const records = new RecordReader(from.view(header.recordBytes));
  const series: SeriesRecord[] = [];
  for (let at = 0; at < header.series; at += 1) {
    series.push(readSeries(records, signals));
    yield 'step';
  }
  if (records.left > 0) throw new UnusableSnapshot(`${records.left} bytes too many in the records`);
  const engine = from.view(engineBytes);
  const shadow = beside === null ? null : { version: beside.version, engine: from.view(beside.engineBytes) };
  if (from.left > 0) throw new UnusableSnapshot(`${from.left} bytes too many`);
  const { sequence, after, model, gone } = header;
  return { sequence, after, model, gone, series, engine, shadow };
}

function writeSeries({ status, tail }: SeriesRecord, lists: SignalLists, to: RecordWriter): void {
  to.text(status.series);
  to.u16(lists.place(status.signals));
  to.u8(states.indexOf(status.state));
  to.f64(status.readings);
  to.f64(status.firstMs);
  to.f64(status.lastMs);
  // A score is never NaN: that stands for none.
  to.f64(status.score ?? Number.NaN);
  to.text(status.openAnomaly ?? '');
  if (tail === null) {
    to.u16(noTail);
    return;
  }
  const { times, values, expected, band, score, flags, signals } = tail.rows;
  to.u16(tail.kept);
  to.u16(times.length);
  to.u16(lists.place(signals));
  for (const column of [times, values, expected, band, score, flags]) to.column(column);
}

function readSeries(from: RecordReader, lists: readonly (readonly string[])[]): SeriesRecord {
  const series = from.text();
  const signals = lists[from.u16()];
  const state = states[from.u8()];
  if (series === '' || signals === undefined || state === undefined)
    throw new UnusableSnapshot('a record names what is not there');
  const [readings, firstMs, lastMs, score] = [from.f64(), from.f64(), from.f64(), from.f64()];
  const openAnomaly = from.text();
  const status: SeriesStatus = {
    ...{ series, signals, state, readings, firstMs, lastMs },
    score: Number.isNaN(score) ? null : score,
    openAnomaly: openAnomaly === '' ? null : openAnomaly,
  };
  const kept = from.u16();
  if (kept === noTail) return { status, tail: null };
  const rows = from.u16();
  const columns = lists[from.u16()];
  if (columns === undefined || columns.length === 0)
    throw new UnusableSnapshot('a tail names what is not there');
  const cells = rows * columns.length;
  // The columns lie one behind the other.
  const bytes = from.copy((8 + 4 + 1) * rows + 3 * 4 * cells);
  const floats = (at: number, count: number) => new Float32Array(bytes, 8 * rows + 4 * at, count);
  return {
    status,
    tail: {
      kept,
      rows: {
        signals: columns,
        times: new Float64Array(bytes, 0, rows),
        values: floats(0, cells),
        expected: floats(cells, cells),
        band: floats(2 * cells, cells),
        score: floats(3 * cells, rows),
        flags: new Uint8Array(bytes, bytes.byteLength - rows, rows),
      },
    },
  };
}

function readHeader(bytes: Uint8Array): z.output<typeof Header> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UnusableSnapshot('the header is not JSON', { cause });
  }
  const header = Header.safeParse(json);
  if (!header.success)
    throw new UnusableSnapshot(`the header does not fit: ${z.prettifyError(header.error)}`);
  return header.data;
}

/** Lists of signals, each once: nearly all series have the same few. */
class SignalLists {
  readonly all: (readonly string[])[] = [];
  readonly #places = new Map<string, number>();
  readonly #known = new WeakMap<readonly string[], number>();

  place(signals: readonly string[]): number {
    const known = this.#known.get(signals);
    if (known !== undefined) return known;
    const text = JSON.stringify(signals);
    const place = this.#places.get(text) ?? this.all.push(signals) - 1;
    this.#places.set(text, place);
    this.#known.set(signals, place);
    return place;
  }
}
