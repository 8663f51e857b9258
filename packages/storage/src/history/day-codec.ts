import type { HistoryRows } from '../ports/partition-store.ts';
import { ByteReader, ByteWriter, CorruptChunk } from './byte-cursor.ts';
import { columnOf, setColumn } from './float-column.ts';
import { readNumbers, writeNumbers } from './number-column.ts';
import { RangeDecoder, RangeEncoder } from './range-coder.ts';
import { readRuns, writeRuns } from './runs.ts';
import {
  type ColumnReader,
  type ColumnWriter,
  formOfWholes,
  readWholes,
  writeWholes,
} from './whole-column.ts';

/** What a chunk may take in memory: bounds what a damaged one can ask for. */
const mostCells = 20_000_000;

/**
 * Packs the readings of a day so that they take the least: each column for itself in the form that suits it (see
 * number-column.ts), times as differences of differences. Bit-exact, whatever the numbers are; those of the precision
 * that history keeps (kept-precision.ts) take the least. The rows were checked.
 */
export function encodeDay(rows: HistoryRows): Uint8Array {
  const width = rows.signals.length;
  const bytes = new ByteWriter();
  const coder = new RangeEncoder();
  const to: ColumnWriter = { bytes, coder };
  writeTimes(to, rows.times);
  for (const table of [rows.values, rows.expected, rows.band])
    for (let signal = 0; signal < width; signal++) writeNumbers(to, columnOf(table, signal, width));
  writeNumbers(to, rows.score);
  writeRuns(bytes, rows.flags);
  const head = new ByteWriter();
  const names = new TextEncoder().encode(rows.signals.join('\n'));
  head.unsigned(rows.times.length);
  head.unsigned(width);
  head.unsigned(names.length);
  head.bytes(names);
  head.unsigned(bytes.result().length);
  const coded = coder.finish();
  head.unsigned(coded.length);
  return Buffer.concat([head.result(), bytes.result(), coded]);
}

/** Unpacks them; throws `CorruptChunk` for bytes that `encodeDay` cannot have made. `most` readings at most. */
export function decodeDay(packed: Uint8Array, most: number): HistoryRows {
  const head = new ByteReader(packed);
  const count = head.unsigned();
  if (count === 0 || count > most) throw new CorruptChunk(`it claims ${count} readings`);
  const width = head.unsigned();
  if (width * count > mostCells) throw new CorruptChunk(`it claims ${width} signals`);
  const signals = namesOf(head.bytes(head.unsigned()), width);
  const [plainLength, codedLength] = [head.unsigned(), head.unsigned()];
  if (plainLength + codedLength !== head.remaining) throw new CorruptChunk('it was cut off or is too long');
  const bytes = new ByteReader(head.bytes(plainLength));
  const from: ColumnReader = { bytes, coder: new RangeDecoder(head.bytes(codedLength)) };
  const times = readTimes(from, count);
  const [values, expected, band] = [0, 1, 2].map(() => {
    const table = new Float32Array(count * width);
    for (let signal = 0; signal < width; signal++) setColumn(table, readNumbers(from, count), signal, width);
    return table;
  }) as [Float32Array, Float32Array, Float32Array];
  const score = readNumbers(from, count);
  const flags = readRuns(bytes, count);
  if (bytes.remaining > 0) throw new CorruptChunk(`${bytes.remaining} bytes too many`);
  from.coder.finish();
  return { signals, times, values, expected, band, score, flags };
}

/** The names of `width` signals; they have no line breaks. */
export function namesOf(bytes: Uint8Array, width: number): string[] {
  const text = decodeText(bytes);
  const signals = width === 0 && text === '' ? [] : text.split('\n');
  if (signals.length !== width) throw new CorruptChunk(`it has ${signals.length} names for ${width} signals`);
  return signals;
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new CorruptChunk('its signal names are not text', { cause: error });
  }
}

/** The first time, the first step, and how far each step differs from the one before, in units that divide them. */
function writeTimes(to: ColumnWriter, times: Float64Array): void {
  const first = times[0] ?? 0;
  const firstStep = (times[1] ?? first) - first;
  const changes = new Float64Array(Math.max(0, times.length - 2));
  let step = firstStep;
  let unit = 0;
  for (let i = 0; i < changes.length; i++) {
    const next = (times[i + 2] ?? 0) - (times[i + 1] ?? 0);
    changes[i] = next - step;
    unit = commonDivisor(unit, Math.abs(next - step));
    step = next;
  }
  to.bytes.signed(first);
  to.bytes.unsigned(firstStep);
  to.bytes.unsigned(unit);
  if (unit === 0) return;
  for (let i = 0; i < changes.length; i++) changes[i] = (changes[i] ?? 0) / unit;
  writeWholes(to, formOfWholes(changes), changes.length);
}

function readTimes(from: ColumnReader, count: number): Float64Array {
  const first = from.bytes.signed();
  let step = from.bytes.unsigned();
  const unit = from.bytes.unsigned();
  const changes = unit === 0 ? null : readWholes(from, Math.max(0, count - 2));
  const times = new Float64Array(count);
  times[0] = first;
  for (let i = 1; i < count; i++) {
    if (i > 1) step += unit * (changes?.[i - 2] ?? 0);
    const time = (times[i - 1] ?? 0) + step;
    if (!(step > 0) || !Number.isSafeInteger(time)) throw new CorruptChunk('its times do not ascend');
    times[i] = time;
  }
  return times;
}

function commonDivisor(one: number, other: number): number {
  let [larger, smaller] = one > other ? [one, other] : [other, one];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
