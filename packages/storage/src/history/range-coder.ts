import { CorruptChunk } from './byte-cursor.ts';

/**
 * An adaptive binary range coder in the manner of LZMA (I. Pavlov, LZMA specification, 2015; G. Martin, "Range
 * encoding", 1979): it has no tables in front, so a few hundred bytes are coded near their entropy. A byte goes down a
 * binary tree whose nodes learn how often they went left.
 */

/** Probabilities are parts of this. */
const whole = 1 << 15;
/** A range below this takes in the next byte. */
const least = 2 ** 24;
/** Cases after which a node's probability follows new ones at a steady pace. */
const steady = 160;

/** Zeros at the end that need not be written. */
const leftOut = 4;

/** What a plane of bytes was like so far: 255 nodes of the tree, each its chance of a zero. */
export class ByteModel {
  readonly chance = new Uint16Array(256);
  readonly cases = new Uint8Array(256);

  reset(): this {
    this.chance.fill(whole / 2);
    this.cases.fill(0);
    return this;
  }
}

/** Step of a node after so many cases, in parts of 2^16: about Krichevsky and Trofimov's estimate while it is young. */
const steps = Int32Array.from({ length: steady + 1 }, (_, cases) => 65_536 / (cases + 1.8));

/** Chance of a zero after one more case; `target` is `whole` after a zero. Nothing is impossible, nothing certain. */
function learnt(now: number, target: number, seen: number): number {
  const moved = now + (Math.imul(target - now, steps[seen] as number) >> 16);
  return moved < 32 ? 32 : moved > whole - 32 ? whole - 32 : moved;
}

/** Codes bytes one behind the other; `finish` gives all that was coded. */
export class RangeEncoder {
  readonly #bytes: number[] = [];
  /** Below 2^40. */
  #low = 0;
  #range = 2 ** 32 - 1;
  #held = 0;
  /** The first byte is one that only a carry could change, and there is none: it is not given out. */
  #heldCount = 1;

  /** Codes a plane of bytes. */
  plane({ chance, cases }: ByteModel, plane: Uint8Array): void {
    let range = this.#range;
    for (const value of plane) {
      let node = 1;
      for (let place = 7; place >= 0; place -= 1) {
        const bit = (value >>> place) & 1;
        const now = chance[node] ?? 0;
        const seen = cases[node] ?? 0;
        const border = (range >>> 15) * now;
        if (bit === 0) range = border;
        else {
          this.#low += border;
          range -= border;
        }
        chance[node] = learnt(now, bit === 0 ? whole : 0, seen);
        if (seen < steady) cases[node] = seen + 1;
        for (; range < least; range *= 256) this.#shift();
        node = node * 2 + bit;
      }
    }
    this.#range = range;
  }

  /** Of all numbers that mean the same, the one with most zeros at its end, of which four are left out. */
  finish(): Uint8Array {
    this.#low = Math.ceil(this.#low / least) * least;
    for (let i = 0; i < 5; i += 1) this.#shift();
    let length = this.#bytes.length;
    const shortest = length - leftOut;
    while (length > shortest && this.#bytes[length - 1] === 0) length -= 1;
    return Uint8Array.from(this.#bytes.slice(1, length));
  }

  /** Gives out the highest byte, unless a carry may still change it. */
  #shift(): void {
    const carry = this.#low >= 2 ** 32 ? 1 : 0;
    if (carry === 1 || this.#low < 0xff000000) {
      this.#bytes.push((this.#held + carry) & 255);
      for (; this.#heldCount > 1; this.#heldCount -= 1) this.#bytes.push((255 + carry) & 255);
      this.#held = Math.floor(this.#low / least) & 255;
      this.#heldCount = 0;
    }
    this.#heldCount += 1;
    this.#low = (this.#low % least) * 256;
  }
}

/** Turns the order of 32 bits as a signed number into that as an unsigned one. */
const signBit = 1 << 31;

/**
 * Reads what `RangeEncoder` made; throws `CorruptChunk` where it cannot have made it. Range and code are 32 bits in
 * signed numbers: anything larger would be an object on the heap wherever the engine compiles with less care.
 */
export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #code = 0;
  #range = -1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (; this.#at < leftOut; this.#at += 1) this.#code = (this.#code << 8) | (bytes[this.#at] ?? 0);
  }

  /** Fills `plane` with the next bytes. */
  plane({ chance, cases }: ByteModel, plane: Uint8Array): void {
    // All in locals: this loop is what reading history waits for.
    const bytes = this.#bytes;
    const length = bytes.length;
    const end = length + leftOut;
    let at = this.#at;
    let range = this.#range;
    let code = this.#code;
    for (let i = 0; i < plane.length; i += 1) {
      let node = 1;
      while (node < 256) {
        const now = chance[node] as number;
        const seen = cases[node] as number;
        const border = Math.imul(range >>> 15, now);
        if (seen < steady) cases[node] = seen + 1;
        if ((code ^ signBit) < (border ^ signBit)) {
          range = border;
          chance[node] = learnt(now, whole, seen);
          node <<= 1;
        } else {
          code = (code - border) | 0;
          range = (range - border) | 0;
          chance[node] = learnt(now, 0, seen);
          node = (node << 1) | 1;
        }
        while (range >>> 24 === 0) {
          if (at >= end) throw new CorruptChunk('it ends too early');
          range <<= 8;
          code = (code << 8) | (at < length ? (bytes[at] as number) : 0);
          at += 1;
        }
      }
      plane[i] = node;
    }
    this.#at = at;
    this.#range = range;
    this.#code = code;
  }

  /** To be called behind the last byte. */
  finish(): void {
    if (this.#at < this.#bytes.length) throw new CorruptChunk('it is too long');
  }
}
