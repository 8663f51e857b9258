import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HistoryRows } from '../ports/partition-store.ts';
import { CorruptChunk } from './byte-cursor.ts';
import { decodeRows, encodeDayRows, encodeRows } from './chunk-codec.ts';
import { cutRows } from './cut-rows.ts';
import { dayMs } from './history-days.ts';
import { keptBand, keptExpected, keptScore } from './kept-precision.ts';
import { mergeRows } from './merge-rows.ts';

/** Any bits, or numbers as they are in practice: decimals, quarters, scores, all the same; with and without gaps. */
const floats = (length: number) => {
  const whole = fc.array(fc.integer({ min: -3000, max: 3000 }), { minLength: length, maxLength: length });
  const gap = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: length, maxLength: length });
  const of = fc.constantFrom(1, 100, 4, 2 ** 40, 254, Number.POSITIVE_INFINITY, 1e-30);
  return fc.oneof(
    fc
      .uint32Array({ minLength: length, maxLength: length })
      .map((bits) => new Float32Array(bits.slice().buffer)),
    fc.tuple(whole, of).map(([numbers, by]) => Float32Array.from(numbers, (number) => number / by)),
    fc
      .tuple(whole, of, gap)
      .map(([numbers, by, gaps]) =>
        Float32Array.from(numbers, (number, at) => (gaps[at] === 0 ? Number.NaN : number / by)),
      ),
    fc.integer().map((number) => new Float32Array(length).fill(number)),
  );
};

const ways = { fresh: encodeRows, compacted: encodeDayRows };

/** Any rows: every bit pattern of a float occurs, NaNs of all kinds included. */
const anyRows: fc.Arbitrary<HistoryRows> = fc
  .record({
    count: fc.integer({ min: 1, max: 80 }),
    width: fc.integer({ min: 0, max: 4 }),
    start: fc.integer({ min: -1e12, max: 4e12 }),
  })
  .chain(({ count, width, start }) =>
    fc.record({
      signals: fc.constant(['cpu', 'speicher_ä', 'c', 'd'].slice(0, width)),
      times: fc
        .array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: count, maxLength: count })
        .map((steps) => {
          let time = start;
          return Float64Array.from(steps, (step) => {
            time += step;
            return time;
          });
        }),
      values: floats(count * width),
      expected: floats(count * width),
      band: floats(count * width),
      score: floats(count),
      flags: fc.uint8Array({ minLength: count, maxLength: count }),
    }),
  );

/** Bytes behind numbers, so that NaNs and zeros are compared by their bits. */
const bits = (numbers: Float32Array) =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('hex');

function assertSame(actual: HistoryRows, expected: HistoryRows): void {
  assert.deepEqual(actual.signals, expected.signals);
  assert.deepEqual(actual.times, expected.times);
  for (const column of ['values', 'expected', 'band', 'score'] as const)
    assert.equal(bits(actual[column]), bits(expected[column]), column);
  assert.deepEqual(actual.flags, expected.flags);
}

for (const [name, encode] of Object.entries(ways)) {
  test(`rows come back bit by bit (${name})`, () => {
    fc.assert(fc.property(anyRows, (rows) => assertSame(decodeRows(encode(rows)), rows)));
  });

  test(`a damaged chunk is refused or gives rows, but never anything else (${name})`, () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), fc.integer({ min: 1, max: 255 }), (rows, place, change) => {
        const bytes = encode(rows);
        bytes[place % bytes.length] = (bytes[place % bytes.length] ?? 0) ^ change;
        try {
          decodeRows(bytes);
        } catch (error) {
          assert.ok(error instanceof CorruptChunk, String(error));
        }
      }),
    );
  });

  test(`a chunk that is cut off or too long is refused (${name})`, () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const bytes = encode(rows);
        assert.throws(() => decodeRows(bytes.subarray(0, bytes.length - 1)), CorruptChunk);
        if (bytes[0] === 1)
          assert.throws(() => decodeRows(Buffer.concat([bytes, Buffer.of(0)])), CorruptChunk);
      }),
    );
    assert.throws(() => decodeRows(new Uint8Array(0)), CorruptChunk);
    assert.throws(() => decodeRows(Uint8Array.of(77)), CorruptChunk);
  });
}

test('cutting at days and merging again changes nothing', () => {
  fc.assert(
    fc.property(anyRows, (rows) => {
      const pieces = cutRows(rows);
      for (const piece of pieces)
        assert.equal(
          Math.floor((piece.times[0] ?? 0) / dayMs),
          Math.floor((piece.times.at(-1) ?? 0) / dayMs),
        );
      const merged = mergeRows(pieces);
      assert.ok(merged);
      assert.deepEqual(merged.times, rows.times);
      assert.deepEqual([...merged.values], [...rows.values]); // which NaN it is may change
      assert.deepEqual(merged.flags, rows.flags);
    }),
  );
});

test('a steady series of one signal needs few bytes a reading', () => {
  const count = 60;
  const column = (valueAt: (i: number) => number) =>
    Float32Array.from({ length: count }, (_, i) => valueAt(i));
  const bytes = encodeRows({
    signals: ['cpu'],
    times: Float64Array.from({ length: count }, (_, i) => 1.79e12 + i * 5_000),
    values: column((i) => Math.round(50 + 10 * Math.sin(i / 9))),
    expected: column(() => 50),
    band: column(() => 3),
    score: column(() => 0.125),
    flags: new Uint8Array(count),
  });
  assert.ok(bytes.length < 4 * count, `${bytes.length} bytes`);
});

test('a compacted day of a steady series needs far less than a byte a reading more than its values', () => {
  const count = 1440;
  const noise = (i: number) => Math.round(Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 100) / 10;
  const level = (i: number) => 50 + Math.round(10 * Math.sin(i / 229));
  const column = (valueAt: (i: number) => number) =>
    Float32Array.from({ length: count }, (_, i) => valueAt(i));
  const rows = {
    signals: ['cpu'],
    times: Float64Array.from({ length: count }, (_, i) => 1.79e12 + i * 60_000),
    values: column((i) => level(i) + noise(i)),
    expected: column((i) => keptExpected(level(i) + 5, 5)),
    band: column(() => keptBand(5)),
    score: column((i) => keptScore(noise(i) / 20)),
    flags: new Uint8Array(count),
  };
  const bytes = encodeDayRows(rows);
  assert.ok(bytes.length < 2.5 * count, `${bytes.length} bytes`);
});

test('chunks that were written before there were fresh ones are read as ever', () => {
  const stored = decodeRows(Buffer.from('AmNkYk8uKOXKTc1tWLD638+k+gMMDPYHGMDAvoGBwYEBgsGAEQA=', 'base64'));
  assert.deepEqual(stored.signals, ['cpu', 'mem']);
  assert.deepEqual([...stored.times], [1_700_000_000_000]);
  assert.deepEqual([...stored.values], [Number.NaN, 1.5]);
  const packed =
    'AuNhZE4uKG1YsPrfz6QFcxhfsJ/nf8HOAAH1DvX29gz2dgx2dgwHGBoaGAwMXmQ0bPgClcak7OvBYowgoqHB4YBCgsIDAQMBXOodcBqEQ8Ia4jKw+Y1I5jMxNDY6HHQ4qJCgwMDCwMTU2NzY7HjAmYGRkREbBgA=';
  const { times, score, flags } = decodeRows(Buffer.from(packed, 'base64'));
  assert.deepEqual(
    [...times.slice(0, 4)],
    [0, 10_000, 20_500, 30_000].map((ms) => 1_700_000_000_000 + ms),
  );
  assert.equal(score[11], Math.fround(11 / 254));
  assert.deepEqual([...flags], [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
});

test('rows that do not fit together are refused', () => {
  const rows: HistoryRows = {
    signals: ['a'],
    times: Float64Array.of(1, 2),
    values: new Float32Array(2),
    expected: new Float32Array(2),
    band: new Float32Array(2),
    score: new Float32Array(2),
    flags: new Uint8Array(2),
  };
  assert.doesNotThrow(() => encodeRows(rows));
  assert.throws(() => encodeRows({ ...rows, times: Float64Array.of(2, 2) }), RangeError);
  assert.throws(() => encodeRows({ ...rows, times: Float64Array.of(1.5, 2) }), RangeError);
  assert.throws(() => encodeRows({ ...rows, score: new Float32Array(1) }), RangeError);
  assert.throws(() => encodeRows({ ...rows, signals: ['a', 'b'] }), RangeError);
});
