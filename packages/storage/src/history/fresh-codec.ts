import type { HistoryRows } from '../ports/partition-store.ts';
import { type ByteReader, type ByteWriter, CorruptChunk } from './byte-cursor.ts';
import { namesOf } from './day-codec.ts';
import { keptScore } from './kept-precision.ts';
import { readPlanes, writePlanes } from './plane-column.ts';
import { readRuns, writeRuns } from './runs.ts';

/** What a chunk may take in memory: bounds what a damaged one can ask for. */
const mostCells = 20_000_000;

/** How scores stand: a byte each, in the steps that history keeps, or by their bits. */
const scores = { steps: 0, bits: 1 } as const;
const scoreSteps = 254;

const utf8 = new TextEncoder();

/**
 * Writes the rows of a fresh chunk: quickly, and small enough for the days until it is packed with others. Times as
 * runs of differences of differences, numbers in planes (see plane-column.ts), scores in steps where they are such.
 */
export function writeFresh(writer: ByteWriter, rows: HistoryRows): void {
  const width = rows.signals.length;
  const names = utf8.encode(rows.signals.join('\n'));
  writer.unsigned(rows.times.length);
  writer.unsigned(width);
  writer.unsigned(names.length);
  writer.bytes(names);
  writeTimes(writer, rows.times);
  for (const table of [rows.values, rows.expected, rows.band]) {
    const bits = bitsOf(table);
    for (let signal = 0; signal < width; signal += 1) writePlanes(writer, bits, signal, width);
  }
  writeScores(writer, rows.score);
  writeRuns(writer, rows.flags);
}

/** Reads what `writeFresh` wrote, of at most `most` readings. Throws `CorruptChunk`. */
export function readFresh(reader: ByteReader, most: number): HistoryRows {
  const count = reader.unsigned();
  if (count === 0 || count > most) throw new CorruptChunk(`it claims ${count} readings`);
  const width = reader.unsigned();
  if (width * count > mostCells) throw new CorruptChunk(`it claims ${width} signals`);
  const signals = namesOf(reader.bytes(reader.unsigned()), width);
  const times = readTimes(reader, count);
  const [values, expected, band] = [0, 1, 2].map(() => {
    const bits = new Uint32Array(count * width);
    for (let signal = 0; signal < width; signal += 1) readPlanes(reader, bits, signal, width);
    return new Float32Array(bits.buffer);
  }) as [Float32Array, Float32Array, Float32Array];
  const score = readScores(reader, count);
  const flags = readRuns(reader, count);
  if (reader.remaining > 0) throw new CorruptChunk(`${reader.remaining} bytes too many`);
  return { signals, times, values, expected, band, score, flags };
}

/** Numbers as integers: an engine may change the bits of a NaN that it moves as a float. */
function bitsOf(numbers: Float32Array): Uint32Array {
  return new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
}

function writeScores(writer: ByteWriter, score: Float32Array): void {
  if (!score.every(isStep)) {
    writer.byte(scores.bits);
    writePlanes(writer, bitsOf(score), 0, 1);
    return;
  }
  writer.byte(scores.steps);
  for (const one of score) writer.byte(Math.round(one * scoreSteps));
}

function readScores(reader: ByteReader, count: number): Float32Array {
  const how = reader.byte();
  const score = new Float32Array(count);
  if (how === scores.bits) readPlanes(reader, bitsOf(score), 0, 1);
  else if (how === scores.steps) for (let at = 0; at < count; at += 1) score[at] = reader.byte() / scoreSteps;
  else throw new CorruptChunk('the form of its scores is unknown');
  return score;
}

/** Negative zero is none: a step could not say so. */
function isStep(score: number): boolean {
  return score >= 0 && score <= 1 && keptScore(score) === score && !Object.is(score, -0);
}

function writeTimes(writer: ByteWriter, times: Float64Array): void {
  let before = 0;
  let step = 0;
  for (let from = 0; from < times.length; ) {
    const first = times[from] ?? 0;
    const change = first - before - step;
    step = from === 0 ? 0 : first - before;
    before = first;
    let to = from + 1;
    // As many as follow at the same step need no more than their number.
    for (; to < times.length && (times[to] ?? 0) - before === step; to += 1) before = times[to] ?? 0;
    writer.signed(change);
    writer.unsigned(to - from - 1);
    from = to;
  }
}

function readTimes(reader: ByteReader, count: number): Float64Array {
  const times = new Float64Array(count);
  let before = 0;
  let step = 0;
  for (let at = 0; at < count; ) {
    const first = before + step + reader.signed();
    if (at > 0 && first <= before) throw new CorruptChunk('its times do not ascend');
    step = at === 0 ? 0 : first - before;
    times[at] = first;
    before = first;
    const more = reader.unsigned();
    if (more > 0 && (step === 0 || at + more >= count)) throw new CorruptChunk('a run of times is too long');
    for (let next = at + 1; next <= at + more; next += 1) {
      before += step;
      times[next] = before;
    }
    at += 1 + more;
  }
  return times;
}
