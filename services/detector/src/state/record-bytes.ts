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

  /** Where the next bytes stand, which are then read. */
  #take(size: number): number {
    if (size > this.left) throw new UnusableSnapshot(`ends ${size - this.left} bytes early`);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  u8(): number {
    const at = this.#take(1);
    return this.#bytes[at] ?? 0;
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#take(2));
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#take(4));
  }

  f64(): number {
    return this.#bytes.readDoubleLE(this.#take(8));
  }

  text(): string {
    const size = this.u16();
    const at = this.#take(size);
    return this.#bytes.toString('utf8', at, at + size);
  }

  /** A copy, for typed arrays of wide numbers must begin at a multiple of their size. */
  copy(size: number): ArrayBufferLike {
    const at = this.#bytes.byteOffset + this.#take(size);
    return this.#bytes.buffer.slice(at, at + size);
  }

  /** Not copied. */
  view(size: number): Uint8Array {
    const at = this.#bytes.byteOffset + this.#take(size);
    return new Uint8Array(this.#bytes.buffer, at, size);
  }
}
