const textEncoder = new TextEncoder();

/** Appends to a growing buffer: little-endian, integers as varints of 7 bits a byte, lowest first. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  float32(value: number): void {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value, true);
  }

  /** A non-negative safe integer in 1 to 8 bytes. */
  varint(value: number): void {
    let rest = value;
    // Shifts are faster, and take 31 bits.
    while (rest > 0x7fff_ffff) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Text of ASCII characters alone behind its length: the same bytes as `text` writes, sooner. */
  ascii(value: string): void {
    this.varint(value.length);
    const at = this.#grow(value.length);
    for (let index = 0; index < value.length; index += 1) this.#bytes[at + index] = value.charCodeAt(index);
  }

  /** Bytes as they are, without a length. */
  bytes(values: Uint8Array): void {
    const at = this.#grow(values.length);
    this.#bytes.set(values, at);
  }

  /** UTF-8 behind its length in bytes. */
  text(value: string): void {
    const encoded = textEncoder.encode(value);
    this.varint(encoded.length);
    const at = this.#grow(encoded.length);
    this.#bytes.set(encoded, at);
  }

  /** What was written so far; valid until the next write. */
  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Makes room for `size` bytes and returns where they begin. May replace the view: take that afterwards. */
  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** Bytes that `ByteWriter.varint` takes for a non-negative safe integer. */
export function varintBytes(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}
