import { UnusableSnapshot } from './unusable-snapshot.ts';

/** Appends numbers and texts to a growing buffer, little-endian. */
export class RecordWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafe(expectedBytes);
  }

  #reserve(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#reserve(2);
    this.#bytes.writeUInt16LE(value, at);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#bytes.writeDoubleLE(value, at);
  }

  /** At most 65,535 bytes. */
  text(value: string): void {
    const at = this.#reserve(2 + 3 * value.length);
    const size = this.#bytes.write(value, at + 2, 'utf8');
    this.#bytes.writeUInt16LE(size, at);
    this.#length = at + 2 + size;
  }

  /** The numbers of a column as they lie in memory. */
  column(values: Float64Array | Float32Array | Uint8Array): void {
    const at = this.#reserve(values.byteLength);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
  }

  /** What has been written, as a view. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

/** Reads what a {@link RecordWriter} wrote. @throws UnusableSnapshot where there is too little */
export class RecordReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(size: number): Buffer {
    if (size > this.left) throw new UnusableSnapshot(`ends ${size - this.left} bytes early`);
    const at = this.#at;
    this.#at += size;
    return this.#bytes.subarray(at, at + size);
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  f64(): number {
    return this.take(8).readDoubleLE();
  }

  text(): string {
    return this.take(this.u16()).toString('utf8');
  }

  // Copied, because a typed array of wide numbers must begin at a multiple of their size.
  doubles(count: number): Float64Array {
    return new Float64Array(Uint8Array.from(this.take(8 * count)).buffer);
  }

  floats(count: number): Float32Array {
    return new Float32Array(Uint8Array.from(this.take(4 * count)).buffer);
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from(this.take(count));
  }

  /** Not copied. */
  view(count: number): Uint8Array {
    const { buffer, byteOffset, length } = this.take(count);
    return new Uint8Array(buffer, byteOffset, length);
  }
}
