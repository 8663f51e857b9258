import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { SeriesKey } from '@verdict/contracts';
import fc from 'fast-check';
import { decodeReadings, encodeReadings, type ReadingBlock } from './reading-codec.ts';
import { UndecodableEvent } from './undecodable-event.ts';

const anyName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9._:-]{0,12}$/);
const anyKey = fc
  .stringMatching(/^[A-Za-z0-9._:-]{1,9}(\/[A-Za-z0-9._:-]{1,9}){0,3}$/)
  .filter((key) => SeriesKey.safeParse(key).success);

const anyBlock: fc.Arbitrary<ReadingBlock> = fc
  .record({
    series: anyKey,
    signals: fc.uniqueArray(anyName, { minLength: 1, maxLength: 5 }),
    first: fc.integer({ min: -1e12, max: 4e12 }),
    deltas: fc.array(fc.integer({ min: 1, max: 1e9 }), { maxLength: 20 }),
  })
  .chain(({ series, signals, first, deltas }) => {
    const times = new Float64Array(deltas.length + 1).fill(first);
    for (const [index, delta] of deltas.entries()) times[index + 1] = (times[index] ?? 0) + delta;
    const size = times.length * signals.length;
    return fc
      .float32Array({ minLength: size, maxLength: size, noDefaultInfinity: true })
      .map((values) => ({ series, signals, times, values }));
  });

/** Bytes with a checksum that matches, so that the checks behind it are reached. */
function sealed(body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 4);
  bytes.set(body);
  new DataView(bytes.buffer).setUint32(body.length, crc32(body), true);
  return bytes;
}

function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    decodeReadings(bytes);
  } catch (error) {
    assert.ok(error instanceof UndecodableEvent, String(error));
    assert.notEqual(error.message, '');
  }
}

const sample = encodeReadings([
  {
    series: 'shop/cart',
    signals: ['cpu', 'latency_p99'],
    times: Float64Array.of(1_764_000_000_000, 1_764_000_005_000),
    values: Float32Array.of(0.5, Number.NaN, 0.25, 3),
  },
]);

test('readings come back as they were written, missing values included', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), (blocks) => {
      assert.deepEqual(decodeReadings(encodeReadings(blocks)), blocks);
    }),
  );
});

test('an event begins with its version and stays small', () => {
  assert.equal(sample[0], 1);
  const readings = 60;
  const many = encodeReadings([
    {
      series: 'shop/cart',
      signals: ['cpu'],
      times: Float64Array.from({ length: readings }, (_, index) => 1_764_000_000_000 + 5000 * index),
      values: new Float32Array(readings),
    },
  ]);
  assert.ok(many.length < 40 + 6 * readings, `${many.length}`);
});

test('bytes within a larger buffer decode too', () => {
  const around = new Uint8Array(sample.length + 7).fill(0xff);
  around.set(sample, 3);
  assert.deepEqual(decodeReadings(around.subarray(3, 3 + sample.length)), decodeReadings(sample));
});

test('an unknown version is refused by its number', () => {
  const later = sample.slice();
  later[0] = 2;
  assert.throws(() => decodeReadings(later), { name: 'UndecodableEvent', message: 'unknown version 2' });
});

test('every truncation, every changed byte and every trailing byte is refused', () => {
  for (let length = 0; length < sample.length; length += 1) {
    assert.throws(() => decodeReadings(sample.subarray(0, length)), UndecodableEvent);
  }
  for (let at = 0; at < sample.length; at += 1) {
    const changed = sample.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    assert.throws(() => decodeReadings(changed), UndecodableEvent);
  }
  assert.throws(() => decodeReadings(Buffer.concat([sample, Buffer.of(0)])), UndecodableEvent);
});

test('structure is checked behind the checksum', () => {
  const body = sample.subarray(0, -4);
  for (let length = 1; length < body.length; length += 1) {
    assert.throws(() => decodeReadings(sealed(body.subarray(0, length))), UndecodableEvent);
  }
  const trailing = sealed(Buffer.concat([body, Buffer.of(0)]));
  assert.throws(() => decodeReadings(trailing), { message: '1 bytes too many' });
});

test('garbage with a right checksum is decoded or refused, never a crash', () => {
  const garbage = fc.uint8Array({ maxLength: 200 });
  fc.assert(
    fc.property(garbage, (bytes) => decodesOrRefuses(sealed(Buffer.concat([Buffer.of(1), bytes])))),
    { numRuns: 3000 },
  );
});

test('a valid event with some bytes changed is decoded or refused, never a crash', () => {
  const change = fc.record({ at: fc.nat(), to: fc.integer({ min: 0, max: 255 }) });
  fc.assert(
    fc.property(
      fc.array(anyBlock, { maxLength: 4 }),
      fc.array(change, { maxLength: 4 }),
      (blocks, changes) => {
        const body = encodeReadings(blocks).slice(0, -4);
        for (const { at, to } of changes) body[1 + (at % (body.length - 1))] = to;
        decodesOrRefuses(sealed(body));
      },
    ),
    { numRuns: 3000 },
  );
});

test('absurd counts allocate nothing', () => {
  const huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
  const name = [1, 0x61];
  const bodies = [
    [1, ...huge],
    [1, 1, ...huge],
    [1, 1, 1, ...huge],
    [1, 1, 1, ...name, 0, ...huge],
    [1, 1, 1, ...name, 0, 1, ...name, 0, ...huge],
    [1, 1, 1, ...name, ...huge, 1],
    [1, ...huge, 1],
  ];
  for (const body of bodies)
    assert.throws(() => decodeReadings(sealed(Uint8Array.from(body))), UndecodableEvent);
  assert.throws(() => decodeReadings(new Uint8Array(17 * 1024 * 1024).fill(1)), UndecodableEvent);
});

test('what the format cannot hold is refused when it is written', () => {
  const good = { series: 'a', signals: ['x'], times: Float64Array.of(1, 2), values: Float32Array.of(1, 2) };
  const bad: ReadingBlock[] = [
    { ...good, series: 'a//b' },
    { ...good, signals: [], values: new Float32Array() },
    { ...good, signals: ['1x'] },
    { ...good, signals: ['x', 'x'], values: new Float32Array(4) },
    { ...good, values: Float32Array.of(1) },
    { ...good, values: Float32Array.of(1, Number.POSITIVE_INFINITY) },
    { ...good, times: Float64Array.of(2, 2) },
    { ...good, times: Float64Array.of(1, 1.5) },
    { ...good, times: Float64Array.of(1, Number.NaN) },
    { ...good, times: new Float64Array(), values: new Float32Array() },
  ];
  for (const block of bad) assert.throws(() => encodeReadings([block]), RangeError);
});
