/** A snapshot that cannot be read: cut short, altered, or of another format. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Appends numbers to a growing buffer, little-endian. */
export class StateWriter {
  #bytes = new Uint8Array(4096);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

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
    const encoded = new TextEncoder().encode(value);
    this.u32(encoded.length);
    this.bytes(encoded, encoded.length);
  }

  bytes(values: Uint8Array, count: number): void {
    const at = this.#reserve(count);
    this.#bytes.set(values.subarray(0, count), at);
  }

  floats(values: Float32Array, count: number): void {
    const at = this.#reserve(4 * count);
    for (let i = 0; i < count; i += 1) this.#view.setFloat32(at + 4 * i, oneNaN(values[i] ?? 0), true);
  }

  doubles(values: Float64Array, count: number): void {
    const at = this.#reserve(8 * count);
    for (let i = 0; i < count; i += 1) this.#view.setFloat64(at + 8 * i, oneNaN(values[i] ?? 0), true);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
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

  floats(into: Float32Array, count: number): void {
    const at = this.#take(4 * count);
    for (let i = 0; i < count; i += 1) into[i] = this.#view.getFloat32(at + 4 * i, true);
  }

  doubles(into: Float64Array, count: number): void {
    const at = this.#take(8 * count);
    for (let i = 0; i < count; i += 1) into[i] = this.#view.getFloat64(at + 8 * i, true);
  }
}

/** 32-bit FNV-1a (Fowler, Noll, Vo), enough to tell a damaged snapshot from a sound one. */
export function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash >>> 0;
}
