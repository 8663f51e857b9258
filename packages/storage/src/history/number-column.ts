import { CorruptChunk } from './byte-cursor.ts';
import {
  type ColumnReader,
  type ColumnWriter,
  type Form,
  formOfWholes,
  readWholes,
  writeWholes,
} from './whole-column.ts';

/** The missing value that runs stand for; other NaNs are written by their bits. */
const missingBits = 0x7fc00000;
/** Whole numbers that stand for values are at most this, so that their steps are exact. */
const mostWhole = 2 ** 30;

/**
 * How whole numbers stand for the values, one byte:
 * 0 to 6: they are divided by ten to that power; 7: by the steps of a kept score; 8 to 39: they are the floats' bits,
 * shifted by 0 to 31; 40 and more: they are multiplied by two to the power of that less 160.
 */
const tens = 6;
const scoreSource = 7;
const bitsSource = 8;
const twosSource = 40;
const twosZero = 160;
const scoreSteps = 254;

interface Source {
  readonly code: number;
  readonly form: Form;
}

/** Writes 32-bit floats, bit-exact: as decimals, steps of a score, multiples of a power of two, or by their bits. */
export function writeNumbers(to: ColumnWriter, column: Float32Array): void {
  const present = writeGaps(to, column);
  if (present.length === 0) return;
  let best = bitPatterns(present);
  for (const source of [decimals(present), scores(present), multiples(present)])
    if (source !== null && source.form.cost < best.form.cost) best = source;
  to.bytes.byte(best.code);
  writeWholes(to, best.form, present.length);
}

/** Reads `count` floats. */
export function readNumbers(from: ColumnReader, count: number): Float32Array {
  const gaps = readGaps(from, count);
  const present = gaps === null ? count : gaps.reduce((sum, missing) => sum - missing, count);
  if (gaps === null) return readPresent(from, present);
  const bits = new Uint32Array(count).fill(missingBits);
  if (present > 0) {
    const known = new Uint32Array(readPresent(from, present).buffer);
    let at = 0;
    for (let i = 0; i < count; i++) if (gaps[i] === 0) bits[i] = known[at++] ?? 0;
  }
  return new Float32Array(bits.buffer);
}

function readPresent(from: ColumnReader, count: number): Float32Array {
  const code = from.bytes.byte();
  const wholes = readWholes(from, count);
  const numbers = new Float32Array(count);
  if (code <= tens) for (let i = 0, by = 10 ** code; i < count; i++) numbers[i] = (wholes[i] ?? 0) / by;
  else if (code === scoreSource) for (let i = 0; i < count; i++) numbers[i] = (wholes[i] ?? 0) / scoreSteps;
  else if (code < twosSource) {
    const bits = new Uint32Array(numbers.buffer);
    for (let i = 0, by = 2 ** (code - bitsSource); i < count; i++) bits[i] = (wholes[i] ?? 0) * by;
  } else for (let i = 0, by = 2 ** (code - twosZero); i < count; i++) numbers[i] = (wholes[i] ?? 0) * by;
  return numbers;
}

/** Writes where values are missing, as runs (0 = nowhere), and gives the others. */
function writeGaps({ bytes }: ColumnWriter, column: Float32Array): Float32Array {
  const bits = new Uint32Array(column.buffer, column.byteOffset, column.length);
  const runs: number[] = [];
  let known = true;
  let since = 0;
  for (let i = 0; i < bits.length; i++) {
    if ((bits[i] !== missingBits) === known) continue;
    runs.push(i - since);
    since = i;
    known = !known;
  }
  bytes.unsigned(runs.length);
  for (const run of runs) bytes.unsigned(run);
  return runs.length === 0 ? column : new Float32Array(bits.filter((one) => one !== missingBits).buffer);
}

/** 1 where a value is missing; null = nowhere. Runs begin with present ones, and the last one is not written. */
function readGaps({ bytes }: ColumnReader, count: number): Uint8Array | null {
  const runs = bytes.unsigned();
  if (runs === 0) return null;
  if (runs > count) throw new CorruptChunk('it has too many gaps');
  const gaps = new Uint8Array(count);
  let at = 0;
  let missing = 0;
  for (let run = 0; run < runs; run++) {
    const length = bytes.unsigned();
    if (at + length > count) throw new CorruptChunk('a gap is too long');
    if (missing === 1) gaps.fill(1, at, at + length);
    at += length;
    missing = 1 - missing;
  }
  if (missing === 1) gaps.fill(1, at);
  return gaps;
}

/** The fewest decimals, at most six, that give every value exactly. */
function decimals(column: Float32Array): Source | null {
  for (let code = 0; code <= tens; code++) {
    const wholes = divided(column, 10 ** code);
    if (wholes !== null) return { code, form: formOfWholes(wholes) };
  }
  return null;
}

function scores(column: Float32Array): Source | null {
  const wholes = divided(column, scoreSteps);
  return wholes === null ? null : { code: scoreSource, form: formOfWholes(wholes) };
}

function divided(column: Float32Array, by: number): Float64Array | null {
  const wholes = new Float64Array(column.length);
  for (let i = 0; i < wholes.length; i++) {
    const value = column[i] ?? 0;
    const whole = Math.round(value * by);
    if (!(Math.abs(whole) <= mostWhole) || !Object.is(Math.fround((whole + 0) / by), value)) return null;
    wholes[i] = whole + 0;
  }
  return wholes;
}

/** As multiples of the largest power of two that divides them all. */
function multiples(column: Float32Array): Source | null {
  const bits = new Uint32Array(column.buffer, column.byteOffset, column.length);
  let power = Number.POSITIVE_INFINITY;
  for (const one of bits) {
    if (one === 0) continue;
    const exponent = (one >>> 23) & 255;
    // Zero below zero, what is next to zero, infinities and other NaNs.
    if (exponent === 0 || exponent === 255) return null;
    const fraction = (one & 0x7fffff) | 0x800000;
    power = Math.min(power, exponent - 150 + (31 - Math.clz32(fraction & -fraction)));
  }
  const code = power + twosZero;
  if (code < twosSource || code > 255) return null;
  const wholes = new Float64Array(column.length);
  for (let i = 0, by = 2 ** power; i < wholes.length; i++) {
    const whole = (column[i] ?? 0) / by + 0;
    if (Math.abs(whole) > mostWhole) return null;
    wholes[i] = whole;
  }
  return { code, form: formOfWholes(wholes) };
}

/** The floats' bits, shifted by the zeros that all have at their end. */
function bitPatterns(column: Float32Array): Source {
  const bits = new Uint32Array(column.buffer, column.byteOffset, column.length);
  let used = 0;
  for (const one of bits) used |= one;
  const shift = used === 0 ? 0 : 31 - Math.clz32(used & -used);
  const wholes = new Float64Array(bits.length);
  for (let i = 0; i < wholes.length; i++) wholes[i] = (bits[i] ?? 0) >>> shift;
  return { code: bitsSource + shift, form: formOfWholes(wholes, true) };
}
