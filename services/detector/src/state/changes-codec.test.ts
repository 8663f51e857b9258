import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeChanges, encodeChanges, type SnapshotChanges } from './changes-codec.ts';
import { joinChain } from './snapshot-chain.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot, UnusableSnapshot } from './snapshot-codec.ts';

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

const model = { version: 3, builtIn: { signals: 'each' as const, window: 8, recurring: 'habit' as const } };
const changes: fc.Arbitrary<SnapshotChanges> = fc.record({
  sequence: fc.nat(),
  after: key,
  model: fc.constant(model),
  gone: fc.array(key, { maxLength: 3 }),
  series: fc.array(fc.record({ status, tail: fc.option(tail) }), { maxLength: 4 }),
  engine: bytes,
  shadow: fc.option(fc.record({ version: fc.nat(), engine: bytes })),
});

/** As if they were taken from memory. */
function encoded(changes: SnapshotChanges): Uint8Array {
  const tails = changes.series.map(({ tail }) => tail);
  return encodeChanges({
    ...changes,
    series: changes.series.map(({ status }) => status),
    tailOf: () => tails.shift() ?? null,
  });
}

test('what is encoded is decoded, bit for bit', () => {
  fc.assert(
    fc.property(changes, (one) => {
      const bytes = encoded(one);
      assert.deepEqual(encoded(decodeChanges(bytes)), Buffer.from(bytes));
      assert.deepEqual(JSON.parse(JSON.stringify(decodeChanges(bytes))), JSON.parse(JSON.stringify(one)));
    }),
  );
});

test('bytes that are cut short or too many are refused, and nothing else is thrown for altered ones', () => {
  const mutation = fc.record({ at: fc.nat({ max: 2000 }), to: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(changes, fc.nat({ max: 2000 }), mutation, (one, cut, { at, to }) => {
      const bytes = encoded(one);
      if (cut < bytes.length) assert.throws(() => decodeChanges(bytes.subarray(0, cut)), UnusableSnapshot);
      assert.throws(() => decodeChanges(Buffer.concat([bytes, Uint8Array.of(0)])), UnusableSnapshot);
      const altered = Uint8Array.from(bytes);
      altered[at % altered.length] = to;
      try {
        decodeChanges(altered);
      } catch (error) {
        assert.ok(error instanceof UnusableSnapshot, String(error));
      }
    }),
  );
});

const rows = (...times: number[]) => ({
  signals: ['cpu'],
  times: Float64Array.from(times),
  ...{ values: Float32Array.from(times), expected: Float32Array.from(times) },
  ...{ band: Float32Array.from(times), score: Float32Array.from(times), flags: Uint8Array.from(times) },
});
const named = (series: string, readings: number) => ({
  ...{ series, signals: ['cpu'], state: 'scored' as const, readings },
  ...{ firstMs: 0, lastMs: 0, score: null, openAnomaly: null },
});
const whole: Snapshot = {
  ...{ sequence: 9, model, shadow: null, engine: Uint8Array.of(1) },
  series: [named('a', 1), named('b', 1), named('c', 1)],
  tails: [
    { series: 'a', rows: rows(1, 2) },
    { series: 'b', rows: rows(1, 2) },
    { series: 'c', rows: rows(1) },
  ],
};
const change = (sequence: number, series: SnapshotChanges['series'], gone: readonly string[] = []) => ({
  ...{ sequence, after: 'x', model, gone, series, engine: Uint8Array.of(sequence), shadow: null },
});

test('changes lead a whole snapshot on: tails grow or begin anew, series go, and the last read stands last', () => {
  const state = joinChain(whole, [
    change(12, [{ status: named('a', 3), tail: { kept: 2, rows: rows(3, 4) } }], ['b']),
    change(12, []),
    change(15, [
      { status: named('c', 7), tail: null },
      { status: named('b', 1), tail: { kept: 0, rows: rows(8) } },
      { status: named('a', 4), tail: { kept: 4, rows: rows(5) } },
    ]),
  ]);
  assert.equal(state.sequence, 15);
  assert.deepEqual(
    state.series.map(({ series, readings }) => `${series} ${readings}`),
    ['c 7', 'b 1', 'a 4'],
  );
  assert.deepEqual([...state.tails.keys()].sort(), ['a', 'b']);
  assert.deepEqual(
    state.tails.get('a')?.flatMap(({ times }) => [...times]),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    state.engine.map(([first]) => first),
    [1, 12, 12, 15],
  );
});

test('changes that do not follow are refused, and a whole snapshot is no changes', () => {
  const alien = change(12, [{ status: named('a', 3), tail: { kept: 1, rows: rows(3) } }]);
  assert.throws(() => joinChain(whole, [alien]), UnusableSnapshot);
  assert.throws(() => joinChain(whole, [change(8, [])]), UnusableSnapshot);
  const other = { ...change(12, []), shadow: { version: 1, engine: Uint8Array.of() } };
  assert.throws(() => joinChain(whole, [other]), UnusableSnapshot);
  assert.throws(() => decodeChanges(encodeSnapshot(whole)), UnusableSnapshot);
  assert.throws(() => decodeSnapshot(encoded(change(12, []))), UnusableSnapshot);
});
