import { crc32 } from 'node:zlib';

/** What a segment must know when no earlier one is left: where numbers go on, and the newest time so far. */
export interface SegmentBase {
  sequence: number;
  offset: number;
  /** Offset of the newest event before this segment; -1 when there was none. */
  lastOffset: number;
  /** Enqueued time of the event before this segment, ms; 0 when there was none. Times never go back. */
  enqueuedAtMs: number;
}

export const SEGMENT_HEADER_BYTES = 48;
const MAGIC = 'VEHSEG01';

export function encodeSegmentHeader(base: SegmentBase): Buffer {
  const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeBigUInt64LE(BigInt(base.sequence), 8);
  bytes.writeBigUInt64LE(BigInt(base.offset), 16);
  bytes.writeBigUInt64LE(BigInt(base.enqueuedAtMs), 24);
  bytes.writeBigInt64LE(BigInt(base.lastOffset), 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 40)), 40);
  return bytes;
}

/** The base, or undefined when the header is torn or is no segment's. */
export function decodeSegmentHeader(bytes: Buffer): SegmentBase | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  if (crc32(bytes.subarray(0, 40)) !== bytes.readUInt32LE(40)) return undefined;
  return {
    sequence: Number(bytes.readBigUInt64LE(8)),
    offset: Number(bytes.readBigUInt64LE(16)),
    enqueuedAtMs: Number(bytes.readBigUInt64LE(24)),
    lastOffset: Number(bytes.readBigInt64LE(32)),
  };
}
