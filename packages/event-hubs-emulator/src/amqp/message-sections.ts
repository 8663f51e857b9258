/** One section of an encoded AMQP message (AMQP 1.0, part 3, §3.2), as byte positions. */
export interface MessageSection {
  /** Low byte of the descriptor: 0x70 header … 0x78 footer. */
  code: number;
  start: number;
  /** Where the section's value, with its constructor, begins. */
  value: number;
  end: number;
}

export const SECTION = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  data: 0x75,
} as const;

/** The bytes are no AMQP message. */
export class DecodeError extends Error {
  override name = 'DecodeError';
}

/** The sections of a message in order, found by their lengths alone: nothing inside is decoded. */
export function* sectionsOf(bytes: Buffer): Generator<MessageSection> {
  for (let start = 0; start < bytes.length; ) {
    if (bytes[start] !== 0x00) throw new DecodeError('A section does not begin with a descriptor.');
    const descriptor = start + 1;
    const value = skipValue(bytes, descriptor);
    const code = bytes[value - 1] ?? 0;
    // smallulong, or a ulong of which only the low byte may be set
    const type = bytes[descriptor];
    if (type !== 0x53 && type !== 0x80) throw new DecodeError('A section has an unknown descriptor.');
    if (code < 0x70 || code > 0x78) throw new DecodeError('A section has an unknown code.');
    const end = skipValue(bytes, value);
    yield { code, start, value, end };
    start = end;
  }
}

/**
 * The position behind the value whose constructor stands at `at`: the first digit of the constructor says how
 * long a value is (AMQP 1.0, part 1, §1.2).
 */
export function skipValue(bytes: Buffer, at: number): number {
  const typeCode = bytes[at];
  if (typeCode === undefined) throw new DecodeError('The message ends too early.');
  const end = at + 1 + valueLength(bytes, at + 1, typeCode);
  if (end > bytes.length) throw new DecodeError('The message ends too early.');
  return end;
}

function valueLength(bytes: Buffer, at: number, typeCode: number): number {
  if (typeCode === 0x00) {
    const described = skipValue(bytes, at);
    return skipValue(bytes, described) - at;
  }
  const category = typeCode >>> 4;
  if (category === 0x4) return 0;
  if (category >= 0x5 && category <= 0x9) return 1 << (category - 5);
  const isWide = category % 2 === 1; // 0xB, 0xD, 0xF have a length of four bytes
  if (category < 0xa || at + (isWide ? 4 : 1) > bytes.length)
    throw new DecodeError('A value has no known type.');
  return isWide ? 4 + bytes.readUInt32BE(at) : 1 + bytes.readUInt8(at);
}

/** The bytes of a binary, string or symbol value at `at`. */
export function variableBytes(bytes: Buffer, at: number): Buffer {
  const category = (bytes[at] ?? 0) >>> 4;
  const end = skipValue(bytes, at);
  if (category !== 0xa && category !== 0xb) throw new DecodeError('A value is neither binary nor text.');
  return bytes.subarray(at + (category === 0xa ? 2 : 5), end);
}

/** The pairs of a map value at `at`, as byte positions of key, value and end. */
export function* mapEntries(
  bytes: Buffer,
  at: number,
): Generator<{ key: number; value: number; end: number }> {
  const typeCode = bytes[at];
  const end = skipValue(bytes, at);
  if (typeCode === 0x40) return;
  if (typeCode !== 0xc1 && typeCode !== 0xd1) throw new DecodeError('A section that must be a map is not.');
  for (let key = at + (typeCode === 0xc1 ? 3 : 9); key < end; ) {
    const value = skipValue(bytes, key);
    const next = skipValue(bytes, value);
    if (next > end) throw new DecodeError('A map ends too early.');
    yield { key, value, end: next };
    key = next;
  }
}
