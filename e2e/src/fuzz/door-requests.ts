import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Credentials, WrittenRequest } from './fuzz-request.ts';
import { hostileJson, writeJson } from './hostile-json.ts';

const remoteWrite = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
const protobuf = { 'content-type': 'application/x-protobuf' };
const json = { 'content-type': 'application/json' };

const fieldId = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 536_870_911));

/** Protobuf that makes some sense: a tree of fields with lengths, some of which lie. */
const message: fc.Arbitrary<Uint8Array> = fc.letrec<{ message: Uint8Array; field: Uint8Array }>((tie) => ({
  message: fc.array(tie('field'), { maxLength: 6 }).map((fields) => Buffer.concat(fields)),
  field: fc.oneof(
    { maxDepth: 6 },
    fc
      .tuple(fieldId, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
      .map(([id, value]) => Buffer.concat([tag(id, 0), varint(value)])),
    fc
      .tuple(fieldId, fc.uint8Array({ minLength: 8, maxLength: 8 }))
      .map(([id, value]) => Buffer.concat([tag(id, 1), value])),
    fc.tuple(fieldId, fc.uint8Array({ maxLength: 40 })).map(([id, value]) => lengthed(id, value, 0)),
    fc.tuple(fieldId, fc.constantFrom(3, 4, 5, 6, 7)).map(([id, type]) => tag(id, type)),
    fc
      .tuple(fieldId, tie('message'), fc.constantFrom(0, 0, 0, 0, 1, -1, 2 ** 31))
      .map(([id, value, lie]) => lengthed(id, value, lie)),
  ),
})).message;

function tag(id: number, type: number): Buffer {
  return varint(BigInt(id) * 8n + BigInt(type));
}

function lengthed(id: number, value: Uint8Array, lie: number): Buffer {
  return Buffer.concat([tag(id, 2), varint(BigInt(Math.max(0, value.length + lie))), value]);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** A snappy block of literals; `says` more or less than there is. */
function snappy(bytes: Uint8Array, says: number): Buffer {
  const pieces: Uint8Array[] = [varint(BigInt(Math.max(0, bytes.length + says)))];
  for (let at = 0; at < bytes.length; at += 60) {
    const piece = bytes.subarray(at, at + 60);
    pieces.push(Buffer.from([(piece.length - 1) << 2]), piece);
  }
  return Buffer.concat(pieces);
}

/** A block that copies from before its start, for ever, or what it says is 4 GB. */
const snappyTricks = [
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61]),
  Buffer.from([0x0a, 0x01, 0x00, 0x01, 0x00]),
  Buffer.from([0x0a, 0x00, 0x61, 0xfe, 0xff, 0xff]),
  Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
  Buffer.concat([
    varint(4_194_304n),
    Buffer.from([0x00, 0x61]),
    Buffer.alloc(200_000, Buffer.from([0xfe, 0x01, 0x00])),
  ]),
  Buffer.alloc(0),
];

const otlpJson = hostileJson.chain((part) =>
  fc.constantFrom(
    part,
    { resourceMetrics: part },
    { resourceMetrics: [{ resource: { attributes: part } }] },
    {
      resourceMetrics: [
        { scopeMetrics: [{ metrics: [{ name: part, gauge: { dataPoints: [{ asDouble: 1 }] } }] }] },
      ],
    },
    {
      resourceMetrics: [
        {
          scopeMetrics: [
            { metrics: [{ name: 'cpu', gauge: { dataPoints: [{ asDouble: part, timeUnixNano: part }] } }] },
          ],
        },
      ],
    },
    {
      resourceMetrics: [
        {
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'cpu',
                  sum: {
                    dataPoints: [{ asInt: '1', attributes: [{ key: part, value: { stringValue: part } }] }],
                  },
                },
              ],
            },
          ],
        },
      ],
    },
  ),
);

const bodies: fc.Arbitrary<{ path: string; headers: Record<string, string>; bytes: Uint8Array }> = fc.oneof(
  fc
    .tuple(message, fc.constantFrom(0, 0, 0, 1, -1, 5_000_000), fc.boolean())
    .map(([bytes, says, second]) => ({
      path: '/api/v1/write',
      headers: second
        ? { ...remoteWrite, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
        : remoteWrite,
      bytes: snappy(bytes, says),
    })),
  fc.constantFrom(...snappyTricks).map((bytes) => ({ path: '/api/v1/write', headers: remoteWrite, bytes })),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ path: '/api/v1/write', headers: remoteWrite, bytes })),
  message.map((bytes) => ({ path: '/v1/metrics', headers: protobuf, bytes })),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ path: '/v1/metrics', headers: protobuf, bytes })),
  otlpJson.map((value) => ({ path: '/v1/metrics', headers: json, bytes: Buffer.from(writeJson(value)) })),
  fc.tuple(message, fc.boolean()).map(([bytes, cut]) => {
    const packed = gzipSync(bytes);
    const headers = { ...protobuf, 'content-encoding': 'gzip' };
    return { path: '/v1/metrics', headers, bytes: cut ? packed.subarray(0, packed.length - 5) : packed };
  }),
  fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'snappy', 'x').map((encoding) => ({
    path: '/v1/metrics',
    headers: { ...protobuf, 'content-encoding': encoding },
    bytes: bomb,
  })),
);

/** Requests with readings: in protobuf, snappy and gzip that are broken in many ways. */
export function doorRequests(credentials: Credentials): fc.Arbitrary<WrittenRequest> {
  return fc.tuple(bodies, fc.boolean()).map(([{ path, headers, bytes }, byKey]) => ({
    kind: 'written',
    method: 'POST',
    path,
    headers: {
      ...headers,
      ...(byKey ? { 'x-api-key': credentials.key } : { authorization: `Bearer ${credentials.ingest}` }),
    },
    body: bytes,
  }));
}

const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
