import type { ByteReader } from './byte-cursor.ts';

/**
 * Reads `count` floats as chunks had them before there were fresh ones (see plane-column.ts): each one's bits XORed with
 * its predecessor's, the four bytes in four planes.
 */
export function readFloatColumn(reader: ByteReader, count: number): Float32Array {
  const planes = reader.bytes(count * 4);
  const bits = new Uint32Array(count);
  let previous = 0;
  for (let i = 0; i < count; i++) {
    const change =
      ((planes[i] ?? 0) << 24) |
      ((planes[count + i] ?? 0) << 16) |
      ((planes[count * 2 + i] ?? 0) << 8) |
      (planes[count * 3 + i] ?? 0);
    previous ^= change;
    bits[i] = previous;
  }
  return new Float32Array(bits.buffer);
}

/** Takes column `column` of `columns` out of row-major numbers. */
export function columnOf(rows: Float32Array, column: number, columns: number): Float32Array {
  // Copied as integers: an engine may change the bits of a NaN that it moves as a float.
  const from = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const to = new Uint32Array(from.length / columns);
  for (let i = 0; i < to.length; i++) to[i] = from[i * columns + column] ?? 0;
  return new Float32Array(to.buffer);
}

/** Puts a column back into row-major numbers. */
export function setColumn(rows: Float32Array, values: Float32Array, column: number, columns: number): void {
  const to = new Uint32Array(rows.buffer, rows.byteOffset, rows.length);
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < from.length; i++) to[i * columns + column] = from[i] ?? 0;
}
