import { createHash } from 'node:crypto';
import type { HistoryRows, SeriesStatus } from '@verdict/storage';
import { z } from 'zod';
import type { Chunk } from './series-tails.ts';

/** Everything that a partition's detector keeps in memory, after the event `sequence`. */
export interface Snapshot {
  readonly sequence: number;
  /** Version that scored last, and what the built-in one looked at; a replay goes on with the same. */
  readonly model: { readonly version: number; readonly builtIn: BuiltInSettings };
  /** In the order in which they were last read. */
  readonly series: readonly SeriesStatus[];
  readonly tails: readonly Chunk[];
  /** The engine's own snapshot, opaque here. */
  readonly engine: Uint8Array;
  /** Version that was scored beside it, and that engine's snapshot; null = none. */
  readonly shadow: { readonly version: number; readonly engine: Uint8Array } | null;
}

/** What the built-in version 0 looks at; comes from the model's spec, which may change. */
export const BuiltInSettings = z.strictObject({
  signals: z.union([z.literal('each'), z.array(z.string()).min(1)]),
  window: z.int().positive(),
  recurring: z.enum(['habit', 'alarm']).default('habit'),
});
export type BuiltInSettings = z.infer<typeof BuiltInSettings>;

/** Bytes that are not a whole snapshot of this format. */
export class UnusableSnapshot extends Error {
  override readonly name = 'UnusableSnapshot';
}

// Layout, little-endian (as typed arrays are on every platform that Node runs on):
//   u32 magic, u8 format version, u32 length of the header, header as JSON,
//   per tail in the header's order: times f64, values, expected, band f32, score f32, flags u8,
//   the engine's bytes, then the shadow's up to the end.
const magic = 0x53504456;
/** Without a shadow all is as it was before there were any. */
const formats = { alone: 1, withShadow: 2 };
const fixedBytes = 9;

const count = z.int().nonnegative();
const Header = z.strictObject({
  sequence: count,
  model: z.strictObject({ version: count, builtIn: BuiltInSettings }),
  series: z.array(
    z.strictObject({
      series: z.string().min(1),
      signals: z.array(z.string()),
      state: z.enum(['warming', 'scored']),
      readings: count,
      firstMs: z.number(),
      lastMs: z.number(),
      score: z.number().nullable(),
      openAnomaly: z.string().nullable(),
    }),
  ),
  tails: z.array(
    z.strictObject({ series: z.string().min(1), signals: z.array(z.string()).min(1), rows: count }),
  ),
  engineBytes: count,
  shadow: z.strictObject({ version: count, engineBytes: count }).nullable().default(null),
});

export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { sequence, model, series, tails, engine, shadow } = snapshot;
  const header = Buffer.from(
    JSON.stringify({
      sequence,
      model,
      series,
      tails: tails.map((tail) => ({
        series: tail.series,
        signals: tail.rows.signals,
        rows: tail.rows.times.length,
      })),
      engineBytes: engine.length,
      ...(shadow === null ? {} : { shadow: { version: shadow.version, engineBytes: shadow.engine.length } }),
    }),
  );
  const fixed = Buffer.alloc(fixedBytes);
  fixed.writeUInt32LE(magic, 0);
  fixed.writeUInt8(shadow === null ? formats.alone : formats.withShadow, 4);
  fixed.writeUInt32LE(header.length, 5);
  const columns = tails.flatMap(({ rows }) =>
    [rows.times, rows.values, rows.expected, rows.band, rows.score, rows.flags].map(
      (column) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength),
    ),
  );
  return Buffer.concat([fixed, header, ...columns, engine, shadow?.engine ?? Buffer.alloc(0)]);
}

/** @throws UnusableSnapshot for anything that `encodeSnapshot` did not write */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < fixedBytes || buffer.readUInt32LE(0) !== magic)
    throw new UnusableSnapshot('this is not a snapshot of a partition');
  const version = buffer.readUInt8(4);
  if (!Object.values(formats).includes(version))
    throw new UnusableSnapshot(`format ${version}, not ${formats.alone} or ${formats.withShadow}`);
  let at = fixedBytes;
  const take = (size: number): Buffer => {
    if (at + size > buffer.length)
      throw new UnusableSnapshot(`ends ${at + size - buffer.length} bytes early`);
    at += size;
    return buffer.subarray(at - size, at);
  };
  const header = readHeader(Header, take(buffer.readUInt32LE(5)));
  const tails = header.tails.map(({ series, signals, rows }) => ({
    series,
    rows: readRows(take, signals, rows),
  }));
  const engine = plain(take(header.engineBytes));
  const beside = header.shadow;
  const shadow =
    beside === null ? null : { version: beside.version, engine: plain(take(beside.engineBytes)) };
  if (at !== buffer.length) throw new UnusableSnapshot(`${buffer.length - at} bytes too many`);
  const { sequence, model, series } = header;
  return { sequence, model, series, tails, engine, shadow };
}

/** The same bytes, not copied: they are most of a snapshot. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The header of a snapshot, whole or of changes. @throws UnusableSnapshot when it is none */
export function readHeader<Header extends z.ZodType>(schema: Header, bytes: Buffer): z.output<Header> {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new UnusableSnapshot('the header is not JSON', { cause });
  }
  const header = schema.safeParse(json);
  if (!header.success)
    throw new UnusableSnapshot(`the header does not fit: ${z.prettifyError(header.error)}`);
  return header.data;
}

function readRows(take: (size: number) => Buffer, signals: readonly string[], rows: number): HistoryRows {
  const cells = rows * signals.length;
  // Copied, because a typed array of wide numbers must begin at a multiple of their size.
  const copy = (size: number): ArrayBuffer => Uint8Array.from(take(size)).buffer;
  return {
    signals,
    times: new Float64Array(copy(8 * rows)),
    values: new Float32Array(copy(4 * cells)),
    expected: new Float32Array(copy(4 * cells)),
    band: new Float32Array(copy(4 * cells)),
    score: new Float32Array(copy(4 * rows)),
    flags: new Uint8Array(copy(rows)),
  };
}

/** Whose state a snapshot holds. */
export interface SnapshotOwner {
  /** `namespace/pool`. */
  readonly pool: string;
  readonly partition: string;
  readonly epoch: number;
}

/** All snapshots of a partition begin so. */
export function snapshotPrefix({ pool, partition }: Pick<SnapshotOwner, 'pool' | 'partition'>): string {
  return `state/${pool}/${partition}/`;
}

/** Name of a snapshot's blob: who made it, how far it goes, and what it holds. */
export function snapshotName(owner: SnapshotOwner, sequence: number, bytes: Uint8Array): string {
  return `${snapshotPrefix(owner)}${owner.epoch}-${sequence}-${digestOf(bytes)}`;
}

/** Whether the bytes are those that the name speaks of. */
export function matchesName(name: string, bytes: Uint8Array): boolean {
  return name.endsWith(`-${digestOf(bytes)}`);
}

/** Epoch of the lease holder who wrote a snapshot; null for a name that is none. */
export function epochOfName(name: string): number | null {
  const match = /\/(\d+)-\d+-[0-9a-f]{16}$/.exec(name);
  return match === null ? null : Number(match[1]);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
