import { crc32 } from 'node:zlib';

/** Where a batch lies in its segment, and what its first event is. */
export interface IndexEntry {
  sequence: number;
  offset: number;
  enqueuedAtMs: number;
  position: number;
}

const STEP_BYTES = 64 * 1024;
const FIELDS = 4;

/**
 * Some batches of a segment, about one in 64 KB: a search starts at the entry before its goal and reads on
 * from there, so opening a reader anywhere reads little, and the index of 1 GB takes half a megabyte.
 */
export class SparseIndex {
  /** sequence, offset, time, position of each entry, flat. */
  #values: number[] = [];

  /** Notes a batch if it lies far enough behind the last noted one. */
  add(entry: IndexEntry): void {
    const last = this.#values.at(-1);
    if (last !== undefined && entry.position - last < STEP_BYTES) return;
    this.#values.push(entry.sequence, entry.offset, entry.enqueuedAtMs, entry.position);
  }

  /** The position of the last entry whose `field` is not above `value`; undefined when there is none. */
  floor(field: 'sequence' | 'offset' | 'enqueuedAtMs', value: number): number | undefined {
    const column = { sequence: 0, offset: 1, enqueuedAtMs: 2 }[field];
    let low = 0;
    let high = this.#values.length / FIELDS;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#values[middle * FIELDS + column] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.#values[(low - 1) * FIELDS + 3];
  }

  /** Doubles with a CRC-32 before them; `summary` travels along (what the segment knows of itself). */
  encode(summary: readonly number[]): Buffer {
    const body = Buffer.from(Float64Array.from([summary.length, ...summary, ...this.#values]).buffer);
    const head = Buffer.alloc(4);
    head.writeUInt32LE(crc32(body));
    return Buffer.concat([head, body]);
  }

  /** The index and its summary; undefined when the bytes are damaged. */
  static decode(bytes: Buffer): { index: SparseIndex; summary: number[] } | undefined {
    const body = bytes.subarray(4);
    if (bytes.length < 12 || body.length % 8 !== 0 || crc32(body) !== bytes.readUInt32LE(0)) return undefined;
    const values: number[] = [];
    for (let at = 0; at < body.length; at += 8) values.push(body.readDoubleLE(at));
    const count = values[0] ?? 0;
    const index = new SparseIndex();
    index.#values = values.slice(1 + count);
    return { index, summary: values.slice(1, 1 + count) };
  }
}
