import { inflateRawSync } from 'node:zlib';
import type { HistoryRows } from '../ports/partition-store.ts';
import { ByteReader, ByteWriter, CorruptChunk } from './byte-cursor.ts';
import { decodeDay, encodeDay, namesOf } from './day-codec.ts';
import { readFloatColumn, setColumn } from './float-column.ts';
import { readFresh, writeFresh } from './fresh-codec.ts';
import { readRuns } from './runs.ts';

/** Readings in one chunk at most. */
export const chunkLimit = 20_000;

/**
 * First byte of a chunk: 1 = stored as it is, 2 = deflated, 3 = a day's, 4 = fresh. Fresh ones were of the first two
 * forms before there was the fourth. Later forms get later numbers.
 */
const form = { stored: 1, deflated: 2, day: 3, fresh: 4 } as const;

/** One for all chunks: they are made one after the other, and there are many. */
const writer = new ByteWriter();

/** What a chunk may weigh unpacked: bounds the memory that a damaged one can ask for. */
const unpackedLimit = 256 * 1024 * 1024;

/**
 * Packs scored readings quickly (see fresh-codec.ts). Bit-exact. Throws `RangeError` for rows that do not fit together or
 * whose times do not ascend.
 */
export function encodeRows(rows: HistoryRows): Uint8Array {
  checkRows(rows);
  writer.clear();
  writer.byte(form.fresh);
  writeFresh(writer, rows);
  return writer.result().slice();
}

/** Packs a day's readings (or `chunkLimit` of them) as small as can be; takes far longer than `encodeRows`. */
export function encodeDayRows(rows: HistoryRows): Uint8Array {
  checkRows(rows);
  return Buffer.concat([Uint8Array.of(form.day), encodeDay(rows)]);
}

/** Unpacks a chunk of any form; throws `CorruptChunk` for bytes that neither way of packing can have made. */
export function decodeRows(bytes: Uint8Array): HistoryRows {
  if (bytes[0] === form.day) return decodeDay(bytes.subarray(1), chunkLimit);
  if (bytes[0] === form.fresh) return readFresh(new ByteReader(bytes.subarray(1)), chunkLimit);
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
