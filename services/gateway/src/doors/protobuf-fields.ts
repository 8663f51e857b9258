import protobuf from 'protobufjs/minimal.js';

/** Reads protobuf from bytes. */
export type FieldReader = InstanceType<typeof protobuf.Reader>;

/** Bytes that are not what they are said to be. */
export class BrokenMessage extends Error {
  override readonly name = 'BrokenMessage';
}

/** How a field is encoded: 0 varint, 1 eight bytes, 2 bytes with their length, 5 four bytes. */
const takenWireTypes = new Set([0, 1, 2, 5]);

/**
 * Reads a whole message with `read`. Throws `BrokenMessage` where the bytes break off or are no protobuf; other errors
 * (bugs) pass.
 */
export function readMessage(bytes: Uint8Array, read: (reader: FieldReader, end: number) => void): void {
  const reader = protobuf.Reader.create(bytes);
  try {
    read(reader, bytes.length);
  } catch (error) {
    // protobufjs throws plain errors and range errors for bytes that make no sense.
    const isTheirs = error instanceof Error && (error.name === 'Error' || error.name === 'RangeError');
    throw isTheirs ? new BrokenMessage(`not protobuf: ${error.message}`, { cause: error }) : error;
  }
}

/**
 * Goes through the fields of a message that ends at `end`. `field` reads the value of a field that it knows and
 * returns true; others are skipped, so that newer senders are understood.
 */
export function eachField(
  reader: FieldReader,
  end: number,
  field: (id: number, wireType: number) => boolean,
): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    const wireType = tag & 7;
    // Groups, which nobody sends, could nest without bound.
    if (!takenWireTypes.has(wireType)) throw new BrokenMessage(`wire type ${wireType} is not taken`);
    if (!field(tag >>> 3, wireType)) reader.skipType(wireType);
  }
  if (reader.pos > end) throw new BrokenMessage('a field reaches beyond its message');
}

/** Reads the length of a message within; returns where it ends. */
export function messageEnd(reader: FieldReader, end: number): number {
  const inner = reader.uint32() + reader.pos;
  if (inner > end) throw new BrokenMessage('a message reaches beyond the one around it');
  return inner;
}

/** A varint that may be negative, as a number (exact up to 2^53). */
export function int64(reader: FieldReader): number {
  return Number(reader.int64());
}

/** Eight bytes as an unsigned number (exact up to 2^53). */
export function fixed64(reader: FieldReader): number {
  const low = reader.fixed32();
  return reader.fixed32() * 2 ** 32 + low;
}

/** Eight bytes as a signed number (exact up to 2^53). */
export function sfixed64(reader: FieldReader): number {
  const low = reader.fixed32();
  return reader.sfixed32() * 2 ** 32 + low;
}
