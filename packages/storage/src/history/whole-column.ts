import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type ByteReader, type ByteWriter, CorruptChunk } from './byte-cursor.ts';
import { ByteModel, type RangeDecoder, type RangeEncoder } from './range-coder.ts';

/** How numbers are written: as they are, as the step from the one before, or as the bits that changed since it. */
const mode = { plain: 0, steps: 1, bits: 2 } as const;
type Mode = (typeof mode)[keyof typeof mode];

/** Bit of a column's first byte: its planes are deflated together. Otherwise each is coded, or all the same byte. */
const deflatedBit = 4;
/** Beyond this, tables in front of the bytes weigh nothing, and inflating is far faster than decoding bit by bit. */
const mostCoded = 4096;
const mostPlanes = 7;

/** Where planes go to and come from, beside what is written byte by byte. */
export interface ColumnWriter {
  readonly bytes: ByteWriter;
  readonly coder: RangeEncoder;
}
export interface ColumnReader {
  readonly bytes: ByteReader;
  readonly coder: RangeDecoder;
}

/** Numbers brought into a mode: all are at least 0, and the first byte of each forms the first plane. */
export interface Form {
  readonly mode: Mode;
  readonly base: number;
  readonly planes: readonly Uint8Array[];
  /** Bytes that it takes, about. */
  readonly cost: number;
}

const model = new ByteModel();

/**
 * The mode in which whole numbers of at most 2^52 take the least, all numbers' highest bytes in front. Those that
 * `areBits` are below 2^32.
 */
export function formOfWholes(wholes: Float64Array, areBits = false): Form {
  const plain = plainForm(wholes);
  const steps = stepsForm(wholes);
  const best = steps.cost < plain.cost ? steps : plain;
  const bits = areBits ? bitsForm(wholes) : best;
  return bits.cost < best.cost ? bits : best;
}

/** Writes a form of `count` numbers, by the way that takes the least. */
export function writeWholes({ bytes, coder }: ColumnWriter, form: Form, count: number): void {
  const deflated = deflateIfSmaller(form, count > mostCoded);
  bytes.byte(form.mode | (deflated === null ? 0 : deflatedBit) | (form.planes.length << 4));
  bytes.signed(form.base);
  if (deflated !== null) {
    bytes.unsigned(deflated.length);
    bytes.bytes(deflated);
    return;
  }
  if (form.planes.length === 0) return;
  const constant = form.planes.map((plane) => plane.every((byte) => byte === plane[0]));
  bytes.byte(constant.reduce((mask, is, plane) => mask | (is ? 1 << plane : 0), 0));
  for (const [index, plane] of form.planes.entries())
    if (constant[index]) bytes.byte(plane[0] ?? 0);
    else coder.plane(model.reset(), plane);
}

/** Reads `count` numbers. */
export function readWholes({ bytes, coder }: ColumnReader, count: number): Float64Array {
  const head = bytes.byte();
  const base = bytes.signed();
  const planeCount = head >>> 4;
  if (planeCount > mostPlanes) throw new CorruptChunk('a number is too large');
  let planes: Uint8Array[];
  if ((head & deflatedBit) !== 0) planes = inflatePlanes(bytes.bytes(bytes.unsigned()), planeCount, count);
  else {
    const constant = planeCount === 0 ? 0 : bytes.byte();
    planes = Array.from({ length: planeCount }, (_, index) => {
      const plane = new Uint8Array(count);
      if ((constant & (1 << index)) !== 0) return plane.fill(bytes.byte());
      coder.plane(model.reset(), plane);
      return plane;
    });
  }
  const wholes = new Float64Array(count);
  for (const plane of planes)
    for (let i = 0; i < count; i++) wholes[i] = (wholes[i] ?? 0) * 256 + (plane[i] ?? 0);
  return undo(wholes, head & 3, base);
}

function undo(wholes: Float64Array, how: number, base: number): Float64Array {
  let previous = base;
  for (let i = 0; i < wholes.length; i++) {
    const now = wholes[i] ?? 0;
    if (how === mode.plain) wholes[i] = base + now;
    else {
      const half = Math.floor(now / 2);
      previous =
        how === mode.bits ? (previous ^ now) >>> 0 : previous + (now === 2 * half ? half : -half - 1);
      wholes[i] = previous;
    }
  }
  return wholes;
}

function plainForm(wholes: Float64Array): Form {
  let base = wholes[0] ?? 0;
  for (const whole of wholes) if (whole < base) base = whole;
  const numbers = new Float64Array(wholes.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (wholes[i] ?? 0) - base;
  return formOf(mode.plain, base, numbers);
}

function stepsForm(wholes: Float64Array): Form {
  const base = wholes[0] ?? 0;
  let previous = base;
  const numbers = new Float64Array(wholes.length);
  for (let i = 0; i < numbers.length; i++) {
    const now = wholes[i] ?? 0;
    const step = now - previous;
    previous = now;
    numbers[i] = step < 0 ? -2 * step - 1 : 2 * step;
  }
  return formOf(mode.steps, base, numbers);
}

function bitsForm(wholes: Float64Array): Form {
  const base = wholes[0] ?? 0;
  let previous = base;
  const numbers = new Float64Array(wholes.length);
  for (let i = 0; i < numbers.length; i++) {
    const now = wholes[i] ?? 0;
    numbers[i] = (now ^ previous) >>> 0;
    previous = now;
  }
  return formOf(mode.bits, base, numbers);
}

function formOf(how: Mode, base: number, numbers: Float64Array): Form {
  let largest = 0;
  for (const number of numbers) if (number > largest) largest = number;
  const planes: Uint8Array[] = [];
  for (let scale = 1; scale <= largest && planes.length < mostPlanes; scale *= 256) {
    const plane = new Uint8Array(numbers.length);
    // What is below 2^32 goes by shifts, which take a tenth of the time.
    if (largest < 2 ** 32)
      for (let i = 0, by = 8 * planes.length; i < plane.length; i++) plane[i] = (numbers[i] ?? 0) >>> by;
    else for (let i = 0; i < plane.length; i++) plane[i] = Math.floor((numbers[i] ?? 0) / scale) % 256;
    planes.unshift(plane);
  }
  return { mode: how, base, planes, cost: planes.reduce((sum, plane) => sum + costOf(plane), 0) };
}

/** Entropy of the bytes, and what the coder takes to learn of each that there is. */
function costOf(plane: Uint8Array): number {
  const cases = new Uint32Array(256);
  for (const byte of plane) cases[byte] = (cases[byte] ?? 0) + 1;
  let bits = 0;
  let distinct = 0;
  for (const count of cases) {
    if (count === 0) continue;
    distinct += 1;
    bits -= count * Math.log2(count / plane.length);
  }
  return distinct === 1 ? 1 : (bits + distinct * 0.6 * Math.log2(plane.length)) / 8;
}

function deflateIfSmaller({ planes, cost }: Form, inAnyCase: boolean): Uint8Array | null {
  if (planes.length === 0 || (cost < 12 && !inAnyCase)) return null;
  const packed = deflateRawSync(Buffer.concat(planes), { level: 6 });
  return inAnyCase || packed.length + 2 < cost ? packed : null;
}

function inflatePlanes(packed: Uint8Array, planeCount: number, count: number): Uint8Array[] {
  const all = inflated(packed, planeCount * count);
  if (all.length !== planeCount * count) throw new CorruptChunk('a column is too short');
  return Array.from({ length: planeCount }, (_, plane) => all.subarray(plane * count, (plane + 1) * count));
}

function inflated(packed: Uint8Array, mostBytes: number): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, mostBytes) });
  } catch (error) {
    throw new CorruptChunk('a column cannot be inflated', { cause: error });
  }
}
