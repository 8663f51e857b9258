/** A field of a message: its number, and its value as it is encoded (a number for a varint, bytes for the rest). */
export interface ProtobufField {
  readonly id: number;
  readonly value: number | Uint8Array;
}

/** Bytes that are no protobuf, or of a kind that ONNX does not use. */
export class BrokenProtobuf extends Error {
  override readonly name = 'BrokenProtobuf';
}

/** The fields of a message, in their order. See https://protobuf.dev/programming-guides/encoding/ */
export function* protobufFields(bytes: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at];
      if (byte === undefined) throw new BrokenProtobuf('it breaks off');
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new BrokenProtobuf('a number without an end');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new BrokenProtobuf('it breaks off');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const id = Math.floor(tag / 8);
    if (tag % 8 === 0) yield { id, value: varint() };
    else if (tag % 8 === 1) yield { id, value: take(8) };
    else if (tag % 8 === 2) yield { id, value: take(varint()) };
    else if (tag % 8 === 5) yield { id, value: take(4) };
    else throw new BrokenProtobuf(`wire type ${tag % 8}`);
  }
}
