import type { EventPlace } from '../log/partition-log.ts';
import { DecodeError, mapEntries, SECTION, sectionsOf, variableBytes } from './message-sections.ts';

/** An event as it came, cut so that the annotations of the service can be put between its parts. */
export interface EventMessage {
  header: Buffer;
  /** Pairs of the message annotations, encoded; those that the service sets itself are left out. */
  annotations: Buffer[];
  partitionKey: string | undefined;
  /** Properties, application properties, body and footer. */
  rest: Buffer;
}

const PARTITION_KEY = 'x-opt-partition-key';
const SET_BY_SERVICE = new Set(['x-opt-sequence-number', 'x-opt-offset', 'x-opt-enqueued-time']);

/** Cuts an encoded message. @throws DecodeError when it is none */
export function splitEvent(bytes: Buffer): EventMessage {
  const event: EventMessage = {
    header: bytes.subarray(0, 0),
    annotations: [],
    partitionKey: undefined,
    rest: bytes.subarray(0, 0),
  };
  let rest: number | undefined;
  for (const { code, start, value, end } of sectionsOf(bytes)) {
    if (code === SECTION.header) event.header = bytes.subarray(start, end);
    else if (code === SECTION.messageAnnotations) readAnnotations(event, bytes, value);
    else if (code !== SECTION.deliveryAnnotations) rest ??= start; // those are for one hop only
  }
  if (rest === undefined) throw new DecodeError('A message has no body.');
  event.rest = bytes.subarray(rest);
  return event;
}

/** The events of a batch envelope, and the partition key on the envelope. @throws DecodeError */
export function splitBatch(bytes: Buffer): { events: EventMessage[]; partitionKey: string | undefined } {
  const envelope: Pick<EventMessage, 'annotations' | 'partitionKey'> = {
    annotations: [],
    partitionKey: undefined,
  };
  const events: EventMessage[] = [];
  for (const { code, value } of sectionsOf(bytes)) {
    if (code === SECTION.messageAnnotations) readAnnotations(envelope, bytes, value);
    if (code === SECTION.data) events.push(splitEvent(variableBytes(bytes, value)));
  }
  return { events, partitionKey: envelope.partitionKey };
}

function readAnnotations(
  event: Pick<EventMessage, 'annotations' | 'partitionKey'>,
  bytes: Buffer,
  at: number,
): void {
  for (const { key, value, end } of mapEntries(bytes, at)) {
    const name = variableBytes(bytes, key).toString('latin1');
    if (SET_BY_SERVICE.has(name)) continue;
    if (name === PARTITION_KEY && bytes[value] !== 0x40) {
      event.partitionKey = variableBytes(bytes, value).toString('utf8');
    }
    event.annotations.push(bytes.subarray(key, end));
  }
}

const symbol = (name: string): Buffer => Buffer.from([0xa3, name.length, ...Buffer.from(name, 'latin1')]);
const SEQUENCE_KEY = symbol('x-opt-sequence-number');
const OFFSET_KEY = symbol('x-opt-offset');
const TIME_KEY = symbol('x-opt-enqueued-time');
const PLACE_BYTES = SEQUENCE_KEY.length + 9 + OFFSET_KEY.length + 2 + TIME_KEY.length + 9;

/** The message as consumers get it: the event's own bytes with its place among the annotations. */
export function encodeEvent(event: EventMessage, place: EventPlace): Buffer {
  const offset = String(place.offset);
  const kept = event.annotations.reduce((sum, entry) => sum + entry.length, 0);
  const mapBytes = PLACE_BYTES + offset.length + kept;
  const message = Buffer.allocUnsafe(event.header.length + 12 + mapBytes + event.rest.length);
  let at = event.header.copy(message);
  at += message.write('\x00\x53\x72\xd1', at, 'latin1');
  at = message.writeUInt32BE(mapBytes + 4, at); // the size counts the count behind it
  at = message.writeUInt32BE(2 * (3 + event.annotations.length), at);
  at += SEQUENCE_KEY.copy(message, at);
  at = message.writeUInt8(0x81, at);
  at = message.writeBigInt64BE(BigInt(place.sequenceNumber), at);
  at += OFFSET_KEY.copy(message, at);
  at = message.writeUInt8(0xa1, at);
  at = message.writeUInt8(offset.length, at);
  at += message.write(offset, at, 'latin1');
  at += TIME_KEY.copy(message, at);
  at = message.writeUInt8(0x83, at);
  at = message.writeBigInt64BE(BigInt(place.enqueuedAtMs), at);
  for (const entry of event.annotations) at += entry.copy(message, at);
  event.rest.copy(message, at);
  return message;
}
