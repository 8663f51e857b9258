/**
 * The partition that the service sends a partition key to.
 *
 * Bob Jenkins' lookup3 (http://burtleburtle.net/bob/c/lookup3.c, `hashlittle2` with both seeds 0) over the
 * key's UTF-8 bytes; the service folds its two 32-bit halves into a signed 16-bit number.
 *
 * @param key any string
 * @param partitionCount number of partitions of the hub, at least 1
 * @returns partition index, 0 to partitionCount - 1
 */
export function partitionOfKey(key: string, partitionCount: number): number {
  const [b, c] = lookup3(Buffer.from(key, 'utf8'));
  const folded = ((b ^ c) << 16) >> 16;
  return Math.abs(folded % partitionCount);
}

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

function lookup3(bytes: Buffer): [b: number, c: number] {
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  for (; bytes.length - at > 12; at += 12) {
    a = (a + bytes.readInt32LE(at)) | 0;
    b = (b + bytes.readInt32LE(at + 4)) | 0;
    c = (c + bytes.readInt32LE(at + 8)) | 0;
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
  if (bytes.length === at) return [b, c];

  const tail = Buffer.alloc(12);
  bytes.copy(tail, 0, at);
  a = (a + tail.readInt32LE(0)) | 0;
  b = (b + tail.readInt32LE(4)) | 0;
  c = (c + tail.readInt32LE(8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return [b, c];
}
