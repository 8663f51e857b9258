import { HttpProblem } from '@verdict/process';
import { snappyUncompressor } from 'hysnappy';

/** Bytes that are no snappy block. */
function notSnappy(): HttpProblem {
  return new HttpProblem(400, { detail: 'The body is no snappy block.' });
}

/**
 * How many bytes a block says it holds: a varint of at most 32 bits at its start, see
 * https://github.com/google/snappy/blob/main/format_description.txt. Problems: 400 when there is no such number.
 */
export function uncompressedBytes(block: Uint8Array): number {
  let bytes = 0;
  for (let at = 0; at < 5; at += 1) {
    const byte = block[at];
    if (byte === undefined) break;
    bytes += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) {
      if (bytes >= 2 ** 32) break;
      return bytes;
    }
  }
  throw notSnappy();
}

/** Uncompresses blocks; the WASM memory is used again, and thrown away after bytes that made no sense. */
export class SnappyBlocks {
  #uncompress: ReturnType<typeof snappyUncompressor> | null = null;

  /** Problems: 413 when the block says that it holds more than `maxBytes` (nothing is allocated), 400 for no block. */
  uncompress(block: Uint8Array, maxBytes: number): Uint8Array {
    const bytes = uncompressedBytes(block);
    if (bytes > maxBytes)
      throw new HttpProblem(413, {
        detail: `At most ${maxBytes} uncompressed bytes are taken in one request.`,
      });
    this.#uncompress ??= snappyUncompressor();
    try {
      return this.#uncompress(block, bytes);
    } catch {
      // Whatever went wrong, it was the bytes; the state inside is not to be trusted any more.
      this.#uncompress = null;
      throw notSnappy();
    }
  }
}
