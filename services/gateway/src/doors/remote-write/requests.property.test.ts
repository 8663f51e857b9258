import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { snappyCompress } from 'hysnappy';
import { remoteWriteBody, type WrittenSeries, writeRequest, writeRequest2 } from '../doors.fixture.ts';
import { type OpenDoors, openDoors } from '../open-doors.fixture.ts';
import { BrokenMessage } from '../protobuf-fields.ts';
import { decodeRequestV1 } from './request-v1.ts';
import { decodeRequestV2 } from './request-v2.ts';
import { SnappyBlocks } from './snappy-block.ts';

let doors: OpenDoors;
before(async () => {
  doors = await openDoors();
});
after(() => doors.close());

const labels = fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), fc.string({ maxLength: 20 }), {
  maxKeys: 6,
  noNullPrototype: true,
});
const series: fc.Arbitrary<WrittenSeries[]> = fc.array(
  fc.record({
    labels: labels.filter((given) => !Object.hasOwn(given, '__proto__')),
    samples: fc.array(fc.tuple(fc.integer({ min: -(2 ** 40), max: 2 ** 50 }), fc.double()), { maxLength: 4 }),
    type: fc.integer({ min: 0, max: 9 }),
    exemplars: fc.nat(2),
    histograms: fc.nat(2),
  }),
  { maxLength: 8 },
);

test('both versions give back what was written', () => {
  fc.assert(
    fc.property(series, (given) => {
      const expected = given.flatMap((one) =>
        one.samples.map(([timeMs, value]) => [one.labels, timeMs, value]),
      );
      for (const request of [decodeRequestV1(writeRequest(given)), decodeRequestV2(writeRequest2(given))]) {
        const found = request.samples.map(({ labels: map, timeMs, value }) => [
          Object.fromEntries(map),
          timeMs,
          value,
        ]);
        assert.deepEqual(found, expected);
        assert.equal(
          request.histograms,
          given.reduce((sum, one) => sum + (one.histograms ?? 0), 0),
        );
        assert.equal(
          request.exemplars,
          given.reduce((sum, one) => sum + (one.exemplars ?? 0), 0),
        );
      }
    }),
  );
});

test('bytes that make no sense are a broken message and nothing else', () => {
  const cut = fc
    .tuple(series, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 255 }))
    .map(([given, length, at, byte]) => {
      const bytes = writeRequest2(given).slice();
      if (bytes.length === 0) return bytes;
      bytes[at % bytes.length] = byte;
      return bytes.subarray(0, 1 + (length % bytes.length));
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), cut), (bytes) => {
      for (const decode of [decodeRequestV1, decodeRequestV2]) {
        try {
          decode(bytes);
        } catch (error) {
          assert.ok(error instanceof BrokenMessage, String(error));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('snappy blocks give back what was compressed, also after broken ones', () => {
  const blocks = new SnappyBlocks();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.uint8Array({ maxLength: 100 }), (bytes, garbage) => {
      try {
        blocks.uncompress(garbage, 1_000_000);
      } catch {
        // Refused: what matters is that the next one is fine.
      }
      assert.deepEqual(blocks.uncompress(snappyCompress(bytes), 2000), bytes);
    }),
    { numRuns: 300 },
  );
});

test('whatever is sent, the answer is never 5xx', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ body: bytes, version: 1 as 1 | 2 })),
    fc
      .tuple(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1 as const, 2 as const))
      .map(([bytes, version]) => ({ body: snappyCompress(bytes), version })),
    series.map((given) => ({ body: snappyCompress(writeRequest(given)), version: 1 as const })),
  );
  await fc.assert(
    fc.asyncProperty(body, async (sent) => {
      const { headers } = remoteWriteBody(new Uint8Array(), sent.version);
      const { status, text } = await doors.post('/api/v1/write', {
        body: sent.body as Uint8Array<ArrayBuffer>,
        headers,
      });
      assert.ok(status === 204 || (status >= 400 && status < 500), `${status} ${text}`);
    }),
    { numRuns: 150 },
  );
});
