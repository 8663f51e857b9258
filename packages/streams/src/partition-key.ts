/**
 * The partition (0 to `partitionCount` − 1) into which Event Hubs puts an event with this partition key.
 * The hash is the service's own: Bob Jenkins' lookup3 over the key's UTF-8 bytes (two 32-bit results, seeds 0),
 * the two folded by XOR and cut to a signed 16-bit number, whose remainder loses its sign.
 */
export function partitionOfKey(key: string, partitionCount: number): number {
  if (!Number.isInteger(partitionCount) || partitionCount < 1) {
    throw new RangeError(`${partitionCount} is no number of partitions`);
  }
  return Math.abs(hashOf(Buffer.from(key, 'utf8')) % partitionCount);
}

/** Folded lookup3 hash of bytes, −32,768 to 32,767. See http://burtleburtle.net/bob/c/lookup3.c, hashlittle2. */
function hashOf(bytes: Buffer): number {
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
  if (at < bytes.length) {
    const tail = Buffer.alloc(12);
    bytes.copy(tail, 0, at);
    a = (a + tail.readInt32LE(0)) | 0;
    b = (b + tail.readInt32LE(4)) | 0;
    c = (c + tail.readInt32LE(8)) | 0;
    c = (c ^ b) - rotate(b, 14);
    a = (a ^ c) - rotate(c, 11);
    b = (b ^ a) - rotate(a, 25);
    c = (c ^ b) - rotate(b, 16);
    a = (a ^ c) - rotate(c, 4);
    b = (b ^ a) - rotate(a, 14);
    c = (c ^ b) - rotate(b, 24);
  }
  return ((b ^ c) << 16) >> 16;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
