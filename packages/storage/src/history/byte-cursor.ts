/** Bytes that are not what they should be. */
export class CorruptChunk extends Error {
  override readonly name = 'CorruptChunk';
}

/** Collects bytes and variable-length integers. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** An integer from 0 to 2^53 - 1, seven bits a byte, lowest first. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  /** An integer of either sign, small magnitudes in few bytes. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -value * 2 - 1 : value * 2);
  }

  /** Begins anew; what was written before is gone. */
  clear(): void {
    this.#length = 0;
  }

  /** What was written; a view that is valid until the next write. */
  result(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    larger.set(this.result());
    this.#bytes = larger;
  }
}

/** Reads what `ByteWriter` wrote; throws `CorruptChunk` beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new CorruptChunk('it ends too early');
    return value;
  }

  /** A view of the next `count` bytes. */
  bytes(count: number): Uint8Array {
    if (count > this.remaining) throw new CorruptChunk('it ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 128) {
      const next = this.byte();
      value += (next & 127) * scale;
      if (next < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    throw new CorruptChunk('an integer is too large');
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }
}
