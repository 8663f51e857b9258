import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { HistoryRows } from '../ports/partition-store.ts';
import { ByteReader, ByteWriter, CorruptChunk } from './byte-cursor.ts';
import { decodeDay, encodeDay, namesOf } from './day-codec.ts';
import { columnOf, readFloatColumn, setColumn, writeFloatColumn } from './float-column.ts';
import { readRuns, writeRuns } from './runs.ts';

/** Readings in one chunk at most. */
export const chunkLimit = 20_000;

/** First byte of a chunk: 1 = stored as it is, 2 = deflated, 3 = a day's. Later forms get later numbers. */
const form = { stored: 1, deflated: 2, day: 3 } as const;

/** Unpacked, up to this many bytes; it is the window of `forSmall`. */
const smallBody = 4096;
const forSmall = { level: 3, windowBits: 12, memLevel: 5 } as const;

/** What a chunk may weigh unpacked: bounds the memory that a damaged one can ask for. */
const unpackedLimit = 256 * 1024 * 1024;

/**
 * Packs scored readings: times as differences of differences (a steady period costs one byte a reading), each
 * column of numbers split by byte (see float-column.ts), flags as runs, and all of it deflated where that is
 * smaller. Bit-exact. Throws `RangeError` for rows that do not fit together or whose times do not ascend.
 */
export function encodeRows(rows: HistoryRows): Uint8Array {
  checkRows(rows);
  const count = rows.times.length;
  const width = rows.signals.length;
  const writer = new ByteWriter();
  writer.unsigned(count);
  const names = new TextEncoder().encode(rows.signals.join('\n'));
  writer.unsigned(width);
  writer.unsigned(names.length);
  writer.bytes(names);
  writeTimes(writer, rows.times);
  for (const table of [rows.values, rows.expected, rows.band])
    for (let signal = 0; signal < width; signal++) writeFloatColumn(writer, columnOf(table, signal, width));
  writeFloatColumn(writer, rows.score);
  writeRuns(writer, rows.flags);
  return pack(writer.result());
}

/** Packs a day's readings (or `chunkLimit` of them) as small as can be; takes far longer than `encodeRows`. */
export function encodeDayRows(rows: HistoryRows): Uint8Array {
  checkRows(rows);
  return Buffer.concat([Uint8Array.of(form.day), encodeDay(rows)]);
}

/** Unpacks a chunk of any form; throws `CorruptChunk` for bytes that neither way of packing can have made. */
export function decodeRows(bytes: Uint8Array): HistoryRows {
  if (bytes[0] === form.day) return decodeDay(bytes.subarray(1), chunkLimit);
  const reader = new ByteReader(unpack(bytes));
  const count = reader.unsigned();
  if (count > chunkLimit) throw new CorruptChunk(`it claims ${count} readings`);
  const width = reader.unsigned();
  const signals = namesOf(reader.bytes(reader.unsigned()), width);
  const times = readTimes(reader, count);
  const [values, expected, band] = [0, 1, 2].map(() => {
    const table = new Float32Array(count * width);
    for (let signal = 0; signal < width; signal++)
      setColumn(table, readFloatColumn(reader, count), signal, width);
    return table;
  }) as [Float32Array, Float32Array, Float32Array];
  const score = readFloatColumn(reader, count);
  const flags = readRuns(reader, count);
  if (reader.remaining > 0) throw new CorruptChunk(`${reader.remaining} bytes too many`);
  return { signals, times, values, expected, band, score, flags };
}

/**
 * Raw deflate: measured on chunks of 5 and 20 readings it is smaller than brotli and zstd (78 against 95 and 90
 * bytes; 234 against 247 and 245) at 15 to 45 µs; at 60 readings all are within 3 %. Half of that was for tables that a
 * fresh chunk is too small for: with small ones it is twice as fast, and as small within 3 bytes.
 */
function pack(body: Uint8Array): Uint8Array {
  const packed = deflateRawSync(body, body.length <= smallBody ? forSmall : { level: 6 });
  const smaller = packed.length < body.length;
  const result = new Uint8Array(1 + (smaller ? packed.length : body.length));
  result[0] = smaller ? form.deflated : form.stored;
  result.set(smaller ? packed : body, 1);
  return result;
}

function unpack(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(1);
  if (bytes[0] === form.stored) return body;
  if (bytes[0] !== form.deflated) throw new CorruptChunk(`its form ${bytes[0] ?? 'none'} is unknown`);
  try {
    return inflateRawSync(body, { maxOutputLength: unpackedLimit });
  } catch (error) {
    throw new CorruptChunk('it cannot be inflated', { cause: error });
  }
}

function checkRows(rows: HistoryRows): void {
  const count = rows.times.length;
  const cells = count * rows.signals.length;
  if (count === 0 || count > chunkLimit) throw new RangeError(`a chunk cannot hold ${count} readings`);
  if (rows.signals.some((name) => name.includes('\n')))
    throw new RangeError('a signal name has a line break');
  if (rows.values.length !== cells || rows.expected.length !== cells || rows.band.length !== cells)
    throw new RangeError(
      `${count} readings of ${rows.signals.length} signals need ${cells} numbers per table`,
    );
  if (rows.score.length !== count || rows.flags.length !== count)
    throw new RangeError(`${count} readings need as many scores and flags`);
  let previous = Number.NEGATIVE_INFINITY;
  for (const time of rows.times) {
    if (!Number.isSafeInteger(time)) throw new RangeError(`the time ${time} is not a whole number`);
    if (time <= previous) throw new RangeError(`the time ${time} does not come after ${previous}`);
    previous = time;
  }
}

function writeTimes(writer: ByteWriter, times: Float64Array): void {
  let previous = 0;
  let step = 0;
  for (const time of times) {
    writer.signed(time - previous - step);
    step = previous === 0 && step === 0 ? 0 : time - previous;
    previous = time;
  }
}

function readTimes(reader: ByteReader, count: number): Float64Array {
  const times = new Float64Array(count);
  let previous = 0;
  let step = 0;
  for (let i = 0; i < count; i++) {
    const time = previous + step + reader.signed();
    if (i > 0 && time <= previous) throw new CorruptChunk('its times do not ascend');
    step = previous === 0 && step === 0 ? 0 : time - previous;
    previous = time;
    times[i] = time;
  }
  return times;
}
