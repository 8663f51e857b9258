import { isSeriesKey } from '@verdict/contracts';

/** Keys of series that were read before, found by their bytes: no text is made of them again. */
export class KeyTable {
  readonly #mostKeys: number;
  #keys: (string | undefined)[] = [];
  #hashes = new Int32Array(0);
  #count = 0;

  constructor(mostKeys = 2_000_000) {
    this.#mostKeys = mostKeys;
    this.#clear(1024);
  }

  /** The key that these bytes are; null when they are none. */
  find(bytes: Uint8Array, from: number, to: number): string | null {
    // FNV-1a (Fowler, Noll, Vo), 32 bits.
    let hash = 0x811c9dc5;
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const mask = this.#hashes.length - 1;
    for (let place = (hash ^ (hash >>> 15)) & mask; ; place = (place + 1) & mask) {
      const key = this.#keys[place];
      if (key === undefined) return this.#add(bytes, from, to, hash);
      if (this.#hashes[place] === (hash | 0) && isSame(key, bytes, from, to)) return key;
    }
  }

  #add(bytes: Uint8Array, from: number, to: number, hash: number): string | null {
    // Keys are ASCII: what is not shows as letters that no key has.
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
    if (!isSeriesKey(key)) return null;
    if (this.#count >= this.#mostKeys) this.#clear(1024);
    else if (2 * this.#count >= this.#hashes.length) this.#grow();
    this.#put(key, hash | 0);
    return key;
  }

  #put(key: string, hash: number): void {
    const mask = this.#hashes.length - 1;
    let place = (hash ^ (hash >>> 15)) & mask;
    while (this.#keys[place] !== undefined) place = (place + 1) & mask;
    this.#keys[place] = key;
    this.#hashes[place] = hash;
    this.#count += 1;
  }

  #grow(): void {
    const [keys, hashes] = [this.#keys, this.#hashes];
    this.#clear(2 * hashes.length);
    for (let place = 0; place < keys.length; place += 1) {
      const key = keys[place];
      if (key !== undefined) this.#put(key, hashes[place] ?? 0);
    }
  }

  /** @param size a power of two */
  #clear(size: number): void {
    this.#keys = new Array<string | undefined>(size).fill(undefined);
    this.#hashes = new Int32Array(size);
    this.#count = 0;
  }
}

function isSame(key: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (key.length !== to - from) return false;
  for (let index = 0; index < key.length; index += 1)
    if (key.charCodeAt(index) !== bytes[from + index]) return false;
  return true;
}
