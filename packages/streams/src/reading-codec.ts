import { crc32 } from 'node:zlib';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { maxTimeMs, readBlock, writeBlock } from './reading-block.ts';
import { readSignalLists, SignalLists } from './signal-lists.ts';
import { UndecodableEvent } from './undecodable-event.ts';

/**
 * Consecutive readings of one series, ascending in time.
 * `values` is row-major (reading × signal); NaN = missing. Times are epoch milliseconds.
 */
export interface ReadingBlock {
  readonly series: string;
  readonly signals: readonly string[];
  readonly times: Float64Array;
  readonly values: Float32Array;
}

// Format of an event's body, version 1 (int = varint, text = int length + UTF-8, f32 = little-endian):
//
//   byte version
//   int lists × (int signals × text name)           every list of signal names stands here once
//   int base time (zigzag)
//   int blocks × (text series, int list, int readings,
//                 int first time − base, (readings − 1) × int time − time before,
//                 readings × signals × f32 value)
//   u32 CRC-32 (little-endian) of everything before
//
// Every count is checked against the bytes that are left before anything is allocated for it.

const formatVersion = 1;
const checksumBytes = 4;
/** Far above what any tier of Event Hubs takes. */
const maxEventBytes = 16 * 1024 * 1024;

/** Bytes of an event beside its signal lists and blocks, at most. */
export const envelopeBytes = 1 + 4 + 8 + 4 + checksumBytes;

/**
 * Encodes blocks in order into one event's body. Throws RangeError for blocks that break the rules of
 * `ReadingBlock` or of names: that is a bug of the caller.
 */
export function encodeReadings(blocks: readonly ReadingBlock[]): Uint8Array<ArrayBuffer> {
  const lists = new SignalLists();
  for (const block of blocks) lists.add(block.signals);
  const baseMs = blocks.reduce((least, block) => Math.min(least, block.times[0] ?? least), maxTimeMs);

  const out = new ByteWriter();
  writeEnvelope(out, { lists, baseMs, blocks: blocks.length });
  for (const block of blocks) writeBlock(out, block, { list: lists.indexOf(block.signals), baseMs });
  out.u32(crc32(out.written()));
  return out.written().slice();
}

/** Writes what stands before the blocks. */
export function writeEnvelope(
  out: ByteWriter,
  { lists, baseMs, blocks }: { lists: SignalLists; baseMs: number; blocks: number },
): void {
  out.byte(formatVersion);
  lists.write(out);
  out.varint(baseMs < 0 ? -2 * baseMs - 1 : 2 * baseMs);
  out.varint(blocks);
}

/** Decodes an event's body. Throws `UndecodableEvent`, and nothing else, for what `encodeReadings` did not write. */
export function decodeReadings(bytes: Uint8Array): ReadingBlock[] {
  const { reader, lists, baseMs, blocks: blockCount } = readEnvelope(bytes);
  const blocks: ReadingBlock[] = [];
  for (let index = 0; index < blockCount; index += 1) blocks.push(readBlock(reader, { lists, baseMs }));
  if (reader.remaining > 0) throw new UndecodableEvent(`${reader.remaining} bytes too many`);
  return blocks;
}

/** Reads what stands before the blocks, and gives a reader that stands at the first one. Throws `UndecodableEvent`. */
export function readEnvelope(bytes: Uint8Array): {
  reader: ByteReader;
  lists: string[][];
  baseMs: number;
  blocks: number;
} {
  const version = bytes[0];
  if (version === undefined) throw new UndecodableEvent('empty');
  if (version !== formatVersion) throw new UndecodableEvent(`unknown version ${version}`);
  if (bytes.length > maxEventBytes) throw new UndecodableEvent(`${bytes.length} bytes are too many`);
  const end = bytes.length - checksumBytes;
  if (end < 1) throw new UndecodableEvent('cut short');
  const checksum = new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true);
  if (checksum !== crc32(bytes.subarray(0, end))) throw new UndecodableEvent('the checksum does not match');

  const reader = new ByteReader(bytes.subarray(1, end));
  const lists = readSignalLists(reader);
  const zigzag = reader.varint('base time', 2 * maxTimeMs);
  const baseMs = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  const blocks = reader.varint('number of blocks', reader.remaining);
  return { reader, lists, baseMs, blocks };
}
