/**
 * The partition (0 to `partitionCount` − 1) into which Event Hubs puts an event with this partition key.
 * The hash is the service's own: Bob Jenkins' lookup3 over the key's UTF-8 bytes (two 32-bit results, seeds 0),
 * the two folded by XOR and cut to a signed 16-bit number, whose remainder loses its sign.
 */
export function partitionOfKey(key: string, partitionCount: number): number {
  if (!Number.isInteger(partitionCount) || partitionCount < 1) {
    throw new RangeError(`${partitionCount} is no number of partitions`);
  }
  const length = writeAscii(key);
  const hash = length >= 0 ? hashOf(words, length) : hashOfBytes(Buffer.from(key, 'utf8'));
  return Math.abs(hash % partitionCount);
}

/** The hash takes 12 bytes at a time; behind the last ones it wants zeros. */
const stepBytes = 12;
/** As long as a key of a series may be, and more. */
const mostAscii = 240;
const words = new Int32Array((mostAscii + stepBytes) / 4);
const bytes = new Uint8Array(words.buffer);

/**
 * Writes a key to where it is hashed: every reading has one, and making a buffer of it takes longer than its hash.
 * @returns its bytes; −1 for one that is too long or not ASCII
 */
function writeAscii(key: string): number {
  const { length } = key;
  if (length > mostAscii) return -1;
  for (let at = 0; at < length; at += 1) {
    const code = key.charCodeAt(at);
    if (code > 0x7f) return -1;
    bytes[at] = code;
  }
  bytes.fill(0, length, length + stepBytes);
  return length;
}

function hashOfBytes(key: Buffer): number {
  const padded = new Int32Array(Math.ceil((key.length + stepBytes) / 4));
  new Uint8Array(padded.buffer).set(key);
  return hashOf(padded, key.length);
}

/**
 * Folded lookup3 hash, −32,768 to 32,767. See http://burtleburtle.net/bob/c/lookup3.c, hashlittle2.
 * @param from little-endian words, with zeros behind the last byte
 */
function hashOf(from: Int32Array, length: number): number {
  let a = (0xdeadbeef + length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; length - 4 * at > stepBytes; at += 3) {
    a = (a + (from[at] ?? 0)) | 0;
    b = (b + (from[at + 1] ?? 0)) | 0;
    c = (c + (from[at + 2] ?? 0)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  if (4 * at < length) {
    a = (a + (from[at] ?? 0)) | 0;
    b = (b + (from[at + 1] ?? 0)) | 0;
    c = (c + (from[at + 2] ?? 0)) | 0;
    c = ((c ^ b) - rotate(b, 14)) | 0;
    a = ((a ^ c) - rotate(c, 11)) | 0;
    b = ((b ^ a) - rotate(a, 25)) | 0;
    c = ((c ^ b) - rotate(b, 16)) | 0;
    a = ((a ^ c) - rotate(c, 4)) | 0;
    b = ((b ^ a) - rotate(a, 14)) | 0;
    c = ((c ^ b) - rotate(b, 24)) | 0;
  }
  return ((b ^ c) << 16) >> 16;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
