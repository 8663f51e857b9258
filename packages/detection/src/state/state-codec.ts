import { crc32 } from 'node:zlib';
import type { Slot } from './memory.ts';

/** A snapshot that cannot be read: cut short, altered, or of another format. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Appends numbers to a growing buffer, little-endian. */
export class StateWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** @param expectedBytes what will be written, about: a buffer that has to grow is copied */
  constructor(expectedBytes = 4096) {
    this.#bytes = new Uint8Array(expectedBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  #reserve(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }

  u8(value: number): void {
    const at = this.#reserve(1);
    this.#view.setUint8(at, value);
  }

  u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, oneNaN(value), true);
  }

  text(value: string): void {
    const at = this.#reserve(4 + value.length);
    let plain = 0;
    for (; plain < value.length; plain += 1) {
      const code = value.charCodeAt(plain);
      if (code > 0x7f) break;
      this.#bytes[at + 4 + plain] = code;
    }
    this.#view.setUint32(at, value.length, true);
    if (plain === value.length) return;
    this.#length = at;
    const encoded = new TextEncoder().encode(value);
    this.u32(encoded.length);
    this.bytes(encoded, encoded.length);
  }

  bytes(values: Uint8Array, count: number): void {
    const at = this.#reserve(count);
    this.#bytes.set(values.subarray(0, count), at);
  }

  /** The numbers of a slot, as they lie in memory: little-endian on every platform that Node runs on. */
  slot({ memory, at }: Slot, words: number): void {
    const place = this.#reserve(4 * words);
    this.#bytes.set(memory.u8.subarray(4 * at, 4 * (at + words)), place);
  }

  /** Some words of a slot. */
  words(from: Int32Array, first: number, count: number): void {
    const at = this.#reserve(4 * count);
    const view = this.#view;
    for (let word = 0; word < count; word += 1) view.setInt32(at + 4 * word, from[first + word] ?? 0, true);
  }

  /** What has been written, valid until the next write. */
  written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** What has been written; nothing more can be. */
  finish(): Uint8Array {
    const written = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    // Room that was not needed is not kept for the life of what was written.
    return written.length < 0.9 * written.buffer.byteLength ? written.slice() : written;
  }
}

/** Processors make NaNs of several bit patterns; equal states must give equal bytes. */
function oneNaN(value: number): number {
  return Number.isNaN(value) ? Number.NaN : value;
}

/** Reads what a {@link StateWriter} wrote. Every method throws {@link SnapshotError} on nonsense. */
export class StateReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  #take(size: number): number {
    if (size > this.left) throw new SnapshotError(`the snapshot ends ${size - this.left} bytes too early`);
    const at = this.#at;
    this.#at += size;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** @param most the largest value that makes sense here */
  u32(most = 0xffffffff): number {
    const value = this.#view.getUint32(this.#take(4), true);
    if (value > most)
      throw new SnapshotError(`the snapshot holds ${value} where at most ${most} is possible`);
    return value;
  }

  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  text(): string {
    const length = this.u32();
    const at = this.#take(length);
    return new TextDecoder().decode(this.#bytes.subarray(at, at + length));
  }

  bytes(into: Uint8Array, count: number): void {
    const at = this.#take(count);
    into.set(this.#bytes.subarray(at, at + count));
  }

  /** Reads into `into` from its index `first` on. */
  words(into: Int32Array, first: number, count: number): void {
    const at = this.#take(4 * count);
    for (let word = 0; word < count; word += 1) into[first + word] = this.#view.getInt32(at + 4 * word, true);
  }

  slot({ memory, at }: Slot, words: number): void {
    const place = this.#take(4 * words);
    memory.u8.set(this.#bytes.subarray(place, place + 4 * words), 4 * at);
  }
}

/** Tells a damaged snapshot from a sound one. */
export function checksum(bytes: Uint8Array): number {
  return crc32(bytes);
}
