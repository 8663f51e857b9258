import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { otlpBytes } from '../doors.fixture.ts';
import { type OpenDoors, openDoors } from '../open-doors.fixture.ts';
import { BrokenMessage } from '../protobuf-fields.ts';
import { fromOtlpJson, OtlpJson } from './decode-json.ts';
import { decodeOtlp } from './decode-protobuf.ts';

let doors: OpenDoors;
before(async () => {
  doors = await openDoors();
});
after(() => doors.close());

const text = fc.string({ maxLength: 12 });
// Numbers beyond 2^53 cannot be exact anywhere here.
const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(String);
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const attributes = fc.array(
  fc.record({
    key: text,
    value: fc.oneof(
      fc.record({ stringValue: text }),
      fc.record({ boolValue: fc.boolean() }),
      fc.record({ intValue: fc.maxSafeInteger().map(String) }),
      fc.record({ doubleValue: double }),
      fc.constant({ arrayValue: { values: [{ stringValue: 'x' }] } }),
    ),
  }),
  { maxLength: 4 },
);
const point = { attributes, startTimeUnixNano: whole, timeUnixNano: whole, flags: fc.nat(3) };
const numbers = fc.array(
  fc.oneof(
    fc.record({ ...point, asDouble: double }),
    fc.record({ ...point, asInt: fc.maxSafeInteger().map(String) }),
  ),
  { maxLength: 3 },
);
const counts = fc.array(fc.record({ ...point, count: whole, sum: double }), { maxLength: 3 });
const aggregationTemporality = fc.nat(2);
const metric = fc.oneof(
  fc.record({ name: text, gauge: fc.record({ dataPoints: numbers }) }),
  fc.record({
    name: text,
    sum: fc.record({ dataPoints: numbers, aggregationTemporality, isMonotonic: fc.boolean() }),
  }),
  fc.record({ name: text, histogram: fc.record({ dataPoints: counts, aggregationTemporality }) }),
  fc.record({ name: text, exponentialHistogram: fc.record({ dataPoints: counts, aggregationTemporality }) }),
  fc.record({
    name: text,
    summary: fc.record({
      dataPoints: fc.array(
        fc.record({
          ...point,
          count: whole,
          sum: double,
          quantileValues: fc.array(fc.record({ quantile: double, value: double }), { maxLength: 2 }),
        }),
        { maxLength: 3 },
      ),
    }),
  }),
);
const request = fc.record({
  resourceMetrics: fc.array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeMetrics: fc.array(
        fc.record({ scope: fc.record({ name: text }), metrics: fc.array(metric, { maxLength: 3 }) }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 3 },
  ),
});

test('protobuf and JSON of the same request say the same', () => {
  fc.assert(
    fc.property(request, (given) => {
      const fromJson = fromOtlpJson(OtlpJson.parse(JSON.parse(JSON.stringify(given))));
      assert.deepEqual(withoutMinusZero(decodeOtlp(otlpBytes(given))), withoutMinusZero(fromJson));
    }),
  );
});

/** JSON has no −0. */
function withoutMinusZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, one: unknown) => (Number.isNaN(one) ? 'NaN' : one)));
}

test('bytes that make no sense are a broken message and nothing else', () => {
  const cut = fc
    .tuple(request, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([given, length, at, byte]) => {
      const bytes = otlpBytes(given).slice();
      if (bytes.length === 0) return bytes;
      bytes[at % bytes.length] = byte;
      return bytes.subarray(0, 1 + (length % bytes.length));
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), cut), (bytes) => {
      try {
        decodeOtlp(bytes);
      } catch (error) {
        assert.ok(error instanceof BrokenMessage, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever is sent, the answer is never 5xx', async () => {
  const protobuf = { 'content-type': 'application/x-protobuf' };
  const json = { 'content-type': 'application/json' };
  const sent = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((body) => ({ body, headers: protobuf })),
    fc
      .uint8Array({ maxLength: 200 })
      .map((body) => ({ body: gzipSync(body), headers: { ...protobuf, 'content-encoding': 'gzip' } })),
    fc
      .uint8Array({ maxLength: 200 })
      .map((body) => ({ body, headers: { ...protobuf, 'content-encoding': 'gzip' } })),
    fc.json().map((body) => ({ body: Buffer.from(body), headers: json })),
    fc.json().map((body) => ({ body: Buffer.from(`{"resourceMetrics":[${body}]}`), headers: json })),
    request.map((given) => ({ body: otlpBytes(given), headers: protobuf })),
  );
  await fc.assert(
    fc.asyncProperty(sent, async ({ body, headers }) => {
      const { status, text: answer } = await doors.post('/v1/metrics', {
        body: body as Uint8Array<ArrayBuffer>,
        headers,
      });
      assert.ok(status === 200 || (status >= 400 && status < 500), `${status} ${answer}`);
    }),
    { numRuns: 150 },
  );
});
