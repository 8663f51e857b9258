import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeSnapshot,
  encodeSnapshot,
  epochOfName,
  matchesName,
  type Snapshot,
  snapshotName,
  UnusableSnapshot,
} from './snapshot-codec.ts';

const float = fc.float({ noDefaultInfinity: true });

const chunk = fc
  .record({
    rows: fc.nat({ max: 9 }),
    signals: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
  })
  .chain(({ rows, signals }) => {
    const floats = (length: number) =>
      fc.array(float, { minLength: length, maxLength: length }).map((it) => Float32Array.from(it));
    const cells = rows * signals.length;
    return fc.record({
      series: fc.string({ minLength: 1 }),
      rows: fc.record({
        signals: fc.constant(signals),
        times: fc.array(fc.nat(), { minLength: rows, maxLength: rows }).map((it) => Float64Array.from(it)),
        values: floats(cells),
        expected: floats(cells),
        band: floats(cells),
        score: floats(rows),
        flags: fc.uint8Array({ minLength: rows, maxLength: rows }).map((it) => Uint8Array.from(it)),
      }),
    });
  });

const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  sequence: fc.nat(),
  model: fc.record({
    version: fc.nat(),
    builtIn: fc.constantFrom(
      { signals: 'each' as const, window: 8, recurring: 'habit' as const },
      { signals: ['cpu', 'Größe'], window: 32, recurring: 'alarm' as const },
    ),
  }),
  series: fc.array(
    fc.record({
      series: fc.string({ minLength: 1 }),
      signals: fc.array(fc.string()),
      state: fc.constantFrom('warming' as const, 'scored' as const),
      readings: fc.nat(),
      firstMs: fc.nat(),
      lastMs: fc.nat(),
      score: fc.option(fc.constantFrom(0, 0.25, 1)),
      openAnomaly: fc.option(fc.string()),
    }),
    { maxLength: 4 },
  ),
  tails: fc.array(chunk, { maxLength: 4 }),
  engine: fc.uint8Array({ maxLength: 50 }).map((it) => Uint8Array.from(it)),
  shadow: fc.option(
    fc.record({
      version: fc.nat(),
      engine: fc.uint8Array({ maxLength: 50 }).map((it) => Uint8Array.from(it)),
    }),
  ),
});

test('what is encoded is decoded, bit for bit', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const bytes = encodeSnapshot(snapshot);
      const decoded = decodeSnapshot(bytes);
      assert.deepEqual(JSON.parse(JSON.stringify(decoded)), JSON.parse(JSON.stringify(snapshot)));
      assert.deepEqual(encodeSnapshot(decoded), bytes);
    }),
  );
});

test('bytes that are cut short or too many are refused, and nothing else is thrown for altered ones', () => {
  const mutation = fc.record({ at: fc.nat({ max: 4000 }), to: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(snapshots, fc.nat({ max: 4000 }), mutation, (snapshot, cut, { at, to }) => {
      const bytes = encodeSnapshot(snapshot);
      if (cut < bytes.length) assert.throws(() => decodeSnapshot(bytes.subarray(0, cut)), UnusableSnapshot);
      assert.throws(() => decodeSnapshot(Buffer.concat([bytes, Uint8Array.of(0)])), UnusableSnapshot);
      const altered = Uint8Array.from(bytes);
      altered[at % altered.length] = to;
      try {
        decodeSnapshot(altered);
      } catch (error) {
        assert.ok(error instanceof UnusableSnapshot, String(error));
      }
    }),
  );
});

test('a name says who made a snapshot, how far it goes, and what it holds', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const name = snapshotName({ pool: 'default/shop', partition: '3', epoch: 7 }, 120, bytes);
  assert.match(name, /^state\/default\/shop\/3\/7-120-[0-9a-f]{16}$/);
  assert.equal(matchesName(name, bytes), true);
  assert.equal(matchesName(name, Uint8Array.of(1, 2, 4)), false);
  assert.equal(epochOfName(name), 7);
  assert.equal(epochOfName('state/default/shop/3/readme'), null);
});
