import type { HistoryRows, SeriesStatus } from '@verdict/storage';
import { z } from 'zod';
import { RecordReader, RecordWriter } from './record-bytes.ts';
import { BuiltInSettings, readHeader, type Snapshot, UnusableSnapshot } from './snapshot-codec.ts';

/** What has changed of a partition's state from one snapshot to the event `sequence`. */
export interface SnapshotChanges {
  readonly sequence: number;
  /** Blob of the snapshot that it follows: a whole one, or changes. */
  readonly after: string;
  readonly model: Snapshot['model'];
  /** Series that were dropped; they may have come back. */
  readonly gone: readonly string[];
  /** Series that were read, in the order in which they were last read. */
  readonly series: readonly SeriesChange[];
  /** The engine's own changes, opaque here. */
  readonly engine: Uint8Array;
  readonly shadow: Snapshot['shadow'];
}

/** Changes on their way into a snapshot: of very many series, tails are looked at one by one while they are written. */
export type TakenChanges = Omit<SnapshotChanges, 'series'> & {
  readonly series: readonly SeriesStatus[];
  /** Asked once for each of them. */
  readonly tailOf: (series: string) => SeriesChange['tail'];
};

export interface SeriesChange {
  readonly status: SeriesStatus;
  /** Rows behind the first `kept` ones that the tail had before; null = it has no tail any more. */
  readonly tail: { readonly kept: number; readonly rows: HistoryRows } | null;
}

// Layout, little-endian: u32 magic, u8 format version, u32 length of the header, header as JSON, u32 length of the
// records and those, the engine's bytes, then the shadow's up to the end. A whole snapshot has the same magic and another
// format.
const magic = 0x53504456;
const format = 3;
const fixedBytes = 9;
/** About what a record takes. */
const recordBytes = 256;
const states = ['warming', 'scored'] as const;
const noTail = 0xffff;

const count = z.int().nonnegative();
const Header = z.strictObject({
  sequence: count,
  after: z.string().min(1),
  model: z.strictObject({ version: count, builtIn: BuiltInSettings }),
  gone: z.array(z.string().min(1)),
  /** Lists of signals that records name by their place here. */
  signals: z.array(z.array(z.string())),
  series: count,
  recordBytes: count,
  engineBytes: count,
  shadow: z.strictObject({ version: count, engineBytes: count }).nullable(),
});

export function encodeChanges(changes: TakenChanges): Uint8Array {
  const { sequence, after, model, gone, series, tailOf, engine, shadow } = changes;
  const lists = new SignalLists();
  const records = new RecordWriter(64 + recordBytes * series.length);
  for (const status of series) writeSeries({ status, tail: tailOf(status.series) }, lists, records);
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

/** @throws UnusableSnapshot for anything that `encodeChanges` did not write */
export function decodeChanges(bytes: Uint8Array): SnapshotChanges {
  const from = new RecordReader(bytes);
  const fixed = from.take(fixedBytes);
  if (fixed.readUInt32LE(0) !== magic) throw new UnusableSnapshot('this is not a snapshot of a partition');
  if (fixed[4] !== format) throw new UnusableSnapshot(`format ${fixed[4]}, not ${format}`);
  const {
    signals,
    engineBytes,
    shadow: beside,
    ...header
  } = readHeader(Header, from.take(fixed.readUInt32LE(5)));
  const records = new RecordReader(from.take(header.recordBytes));
  const series: SeriesChange[] = [];
  for (let at = 0; at < header.series; at += 1) series.push(readSeries(records, signals));
  if (records.left > 0) throw new UnusableSnapshot(`${records.left} bytes too many in the records`);
  const engine = from.view(engineBytes);
  const shadow = beside === null ? null : { version: beside.version, engine: from.view(beside.engineBytes) };
  if (from.left > 0) throw new UnusableSnapshot(`${from.left} bytes too many`);
  const { sequence, after, model, gone } = header;
  return { sequence, after, model, gone, series, engine, shadow };
}

function writeSeries({ status, tail }: SeriesChange, lists: SignalLists, to: RecordWriter): void {
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

function readSeries(from: RecordReader, lists: readonly (readonly string[])[]): SeriesChange {
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
  return {
    status,
    tail: {
      kept,
      rows: {
        signals: columns,
        times: from.doubles(rows),
        values: from.floats(cells),
        expected: from.floats(cells),
        band: from.floats(cells),
        score: from.floats(rows),
        flags: from.bytes(rows),
      },
    },
  };
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
