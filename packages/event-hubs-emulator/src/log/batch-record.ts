import { crc32 } from 'node:zlib';

/**
 * A batch is what one send holds, and what is kept or cut as a whole:
 *
 *     0  u32  CRC-32 of everything behind it
 *     4  u32  length of the record, this header included
 *     8  u64  sequence number of the first event
 *    16  u64  offset of the first event
 *    24  u64  enqueued time of all its events, ms since 1970
 *    32  u32  number of events
 *    36  u32  reserved, 0
 *    40       per event: u32 length, bytes of the message
 *
 * All little-endian. An event's offset counts the bytes of all events before it, their length fields included.
 */
export interface BatchHeader {
  length: number;
  firstSequence: number;
  firstOffset: number;
  enqueuedAtMs: number;
  count: number;
}

export const BATCH_HEADER_BYTES = 40;
export const EVENT_PREFIX_BYTES = 4;

/** No batch is longer: a message of 1 MB full of tiny events grows by its annotations to a few times that. */
export const MAX_BATCH_BYTES = 64 * 1024 * 1024;

/** The bytes of a batch. */
export function encodeBatch(header: Omit<BatchHeader, 'length'>, messages: readonly Buffer[]): Buffer {
  let length = BATCH_HEADER_BYTES;
  for (const message of messages) length += EVENT_PREFIX_BYTES + message.length;
  const record = Buffer.allocUnsafe(length);
  record.writeUInt32LE(length, 4);
  record.writeBigUInt64LE(BigInt(header.firstSequence), 8);
  record.writeBigUInt64LE(BigInt(header.firstOffset), 16);
  record.writeBigUInt64LE(BigInt(header.enqueuedAtMs), 24);
  record.writeUInt32LE(header.count, 32);
  record.writeUInt32LE(0, 36);
  let at = BATCH_HEADER_BYTES;
  for (const message of messages) {
    at = record.writeUInt32LE(message.length, at);
    at += message.copy(record, at);
  }
  record.writeUInt32LE(crc32(record.subarray(4)), 0);
  return record;
}

/** The header at `at`, unchecked; undefined when fewer than 40 bytes are left. */
export function readBatchHeader(bytes: Buffer, at: number): BatchHeader | undefined {
  if (bytes.length - at < BATCH_HEADER_BYTES) return undefined;
  return {
    length: bytes.readUInt32LE(at + 4),
    firstSequence: Number(bytes.readBigUInt64LE(at + 8)),
    firstOffset: Number(bytes.readBigUInt64LE(at + 16)),
    enqueuedAtMs: Number(bytes.readBigUInt64LE(at + 24)),
    count: bytes.readUInt32LE(at + 32),
  };
}

/** Whether the length can be a batch's at all; what is not is a torn or foreign record. */
export function isPlausible(header: BatchHeader): boolean {
  return header.length > BATCH_HEADER_BYTES && header.length <= MAX_BATCH_BYTES && header.count > 0;
}

/** Whether the checksum of the whole record `bytes` fits. */
export function isIntact(bytes: Buffer): boolean {
  return crc32(bytes.subarray(4)) === bytes.readUInt32LE(0);
}

/** The messages of a whole, intact record, in order, as views of it. */
export function* messagesOf(record: Buffer): Generator<Buffer> {
  for (let at = BATCH_HEADER_BYTES; at < record.length; ) {
    const start = at + EVENT_PREFIX_BYTES;
    at = start + record.readUInt32LE(at);
    yield record.subarray(start, at);
  }
}
