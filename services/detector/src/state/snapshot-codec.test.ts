import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce } from '@verdict/detection';
import fc from 'fast-check';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from './snapshot-codec.ts';
import { UnusableSnapshot } from './unusable-snapshot.ts';

const key = fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' });
const signals = fc.uniqueArray(key, { minLength: 1, maxLength: 3 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((it) => Uint8Array.from(it));

const tail = fc.record({ kept: fc.nat({ max: 60 }), size: fc.nat({ max: 5 }), signals }).chain((shape) => {
  const floats = (length: number) =>
    fc.array(fc.float(), { minLength: length, maxLength: length }).map((it) => Float32Array.from(it));
  const { kept, size } = shape;
  const cells = size * shape.signals.length;
  return fc.record({
    kept: fc.constant(kept),
    rows: fc.record({
      signals: fc.constant(shape.signals),
      times: fc.array(fc.nat(), { minLength: size, maxLength: size }).map((it) => Float64Array.from(it)),
      ...{ values: floats(cells), expected: floats(cells), band: floats(cells), score: floats(size) },
      flags: fc.uint8Array({ minLength: size, maxLength: size }).map((it) => Uint8Array.from(it)),
    }),
  });
});

const status = fc.record({
  series: key,
  signals,
  state: fc.constantFrom('warming' as const, 'scored' as const),
  ...{ readings: fc.nat(), firstMs: fc.nat(), lastMs: fc.nat() },
  score: fc.option(fc.constantFrom(0, 0.25, 1)),
  openAnomaly: fc.option(fc.constant('0123456789abcdef01234567')),
});

const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  sequence: fc.nat(),
  after: fc.option(key),
  model: fc.record({
    version: fc.nat(),
    builtIn: fc.constantFrom(
      { signals: 'each' as const, window: 8, recurring: 'habit' as const },
      { signals: ['cpu', 'Größe'], window: 32, recurring: 'alarm' as const },
    ),
  }),
  gone: fc.array(key, { maxLength: 3 }),
  series: fc.array(fc.record({ status, tail: fc.option(tail) }), { maxLength: 4 }),
  engine: bytes,
  shadow: fc.option(fc.record({ version: fc.nat(), engine: bytes })),
});

/** As if they were taken from memory. */
function encoded(snapshot: Snapshot): Uint8Array {
  const tails = snapshot.series.map(({ tail }) => tail);
  return atOnce(
    encodeSnapshot({
      ...snapshot,
      series: snapshot.series.map(({ status }) => status),
      tailOf: () => tails.shift() ?? null,
    }),
  );
}

function decoded(bytes: Uint8Array): Snapshot {
  return atOnce(decodeSnapshot(bytes));
}

test('what is encoded is decoded, bit for bit', () => {
  fc.assert(
    fc.property(snapshots, (one) => {
      const bytes = encoded(one);
      assert.deepEqual(encoded(decoded(bytes)), Buffer.from(bytes));
      assert.deepEqual(JSON.parse(JSON.stringify(decoded(bytes))), JSON.parse(JSON.stringify(one)));
    }),
  );
});

test('bytes that are cut short or too many are refused, and nothing else is thrown for altered ones', () => {
  const mutation = fc.record({ at: fc.nat({ max: 2000 }), to: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(snapshots, fc.nat({ max: 2000 }), mutation, (one, cut, { at, to }) => {
      const bytes = encoded(one);
      if (cut < bytes.length) assert.throws(() => decoded(bytes.subarray(0, cut)), UnusableSnapshot);
      assert.throws(() => decoded(Buffer.concat([bytes, Uint8Array.of(0)])), UnusableSnapshot);
      const altered = Uint8Array.from(bytes);
      altered[at % altered.length] = to;
      try {
        decoded(altered);
      } catch (error) {
        assert.ok(error instanceof UnusableSnapshot, String(error));
      }
    }),
  );
});
