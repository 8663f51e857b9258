import type { KeyTable } from './key-table.ts';
import { UndecodableEvent } from './undecodable-event.ts';

const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads what `ByteWriter` wrote and trusts nothing: every misfit is an `UndecodableEvent`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  /** `count` float32 values; the caller has made sure that `count` is sane. */
  float32s(count: number): Float32Array<ArrayBuffer> {
    const at = this.#take(4 * count);
    const values = new Float32Array(count);
    for (let index = 0; index < count; index += 1)
      values[index] = this.#view.getFloat32(at + 4 * index, true);
    return values;
  }

  /** `count` float32 values into `values` from `at` on. @returns false when one of them is infinite */
  float32sInto(values: Float32Array, at: number, count: number): boolean {
    const from = this.#take(4 * count);
    const view = this.#view;
    let finite = true;
    for (let index = 0; index < count; index += 1) {
      const value = view.getFloat32(from + 4 * index, true);
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) finite = false;
      values[at + index] = value;
    }
    return finite;
  }

  /** Key of a series behind its length. */
  key(table: KeyTable): string {
    const size = this.varint('length of series key', 200);
    const at = this.#take(size);
    const key = table.find(this.#bytes, at, at + size);
    if (key !== null) return key;
    const text = Buffer.from(this.#bytes.subarray(at, at + size)).toString('utf8');
    throw new UndecodableEvent(`block of ${JSON.stringify(text)}: no key of a series`);
  }

  /** A varint in its shortest form, at most `max`. `what` names it in the error. */
  varint(what: string, max: number): number {
    const first = this.#bytes[this.#at];
    if (first !== undefined && first < 0x80 && first <= max) {
      this.#at += 1;
      return first;
    }
    let value = 0;
    let factor = 1;
    for (let index = 0; index < 8; index += 1) {
      const next = this.byte();
      value += (next & 0x7f) * factor;
      if (next < 0x80) {
        if (next === 0 && index > 0) throw new UndecodableEvent(`${what} is not in its shortest form`);
        if (value > max) throw new UndecodableEvent(`${what} is ${value}, more than ${max}`);
        return value;
      }
      factor *= 0x80;
    }
    throw new UndecodableEvent(`${what} is a number of more than 8 bytes`);
  }

  /** UTF-8 of at most `maxBytes` bytes behind its length. */
  text(what: string, maxBytes: number): string {
    const size = this.varint(`length of ${what}`, maxBytes);
    const at = this.#take(size);
    try {
      return textDecoder.decode(this.#bytes.subarray(at, at + size));
    } catch (error) {
      throw new UndecodableEvent(`${what} is not UTF-8`, { cause: error });
    }
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.remaining) throw new UndecodableEvent('cut short');
    this.#at += size;
    return at;
  }
}
