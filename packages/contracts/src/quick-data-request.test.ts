import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quickDataRequest } from './quick-data-request.ts';
import { DataRequest } from './reading.ts';

const good = {
  series: fc.constantFrom('shop/cart', 'a', 'x.y_z-1:2/b'),
  time: fc.integer({ min: 0, max: 4e15 }),
  values: fc.dictionary(
    fc.constantFrom('cpu', 'latency_p99', '_x'),
    fc.option(fc.oneof(fc.double({ min: -3e38, max: 3e38, noNaN: true }), fc.integer())),
    { minKeys: 1, noNullPrototype: true },
  ),
};
const strange = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    ...[
      '',
      '.',
      '..',
      'a/../b',
      'a//b',
      '/a',
      'a\n',
      'ä',
      '1cpu',
      'x'.repeat(81),
      'x'.repeat(200),
      'y'.repeat(201),
    ],
    ...[-1, 1.5, -0, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 3.5e38, 3.4028234663852886e38, 1e300],
    ...['2026-11-22T16:00:00.000Z', '2026-11-22T16:00:00+01:00', '2026-11-22', null, true],
  ),
  fc.anything({ maxDepth: 2, withNullPrototype: false }),
);
/** Mostly what is taken, with something strange here and there. */
const sometimes = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: strange });
const reading = fc.record(
  {
    series: sometimes(good.series),
    time: sometimes(good.time),
    values: sometimes(
      fc.oneof(
        good.values,
        fc.dictionary(sometimes(fc.constantFrom('cpu', 'm')).map(String), sometimes(fc.double()), {
          noNullPrototype: true,
        }),
      ),
    ),
    more: fc.constant(1),
  },
  { requiredKeys: ['series', 'time', 'values'], noNullPrototype: true },
);
const plainReading = fc.record(good, { noNullPrototype: true });
const body = fc.oneof(
  fc.record({ readings: fc.array(plainReading, { maxLength: 5 }) }, { noNullPrototype: true }),
  fc.record({ readings: fc.array(sometimes(reading), { maxLength: 3 }) }, { noNullPrototype: true }),
  strange,
);

test('whatever is taken quickly is what the schema makes of it', () => {
  let taken = 0;
  fc.assert(
    fc.property(body, (value) => {
      const quick = quickDataRequest(value);
      if (quick === null) return;
      taken += 1;
      const slow = DataRequest.safeParse(structuredClone(value));
      assert.ok(slow.success, JSON.stringify(value));
      assert.deepEqual(quick, slow.data);
    }),
    { numRuns: 3000 },
  );
  assert.ok(taken > 300, `${taken} taken`);
});

test('readings as programs send them are taken quickly', () => {
  fc.assert(
    fc.property(fc.array(plainReading, { minLength: 1, maxLength: 20 }), (readings) => {
      assert.ok(quickDataRequest(JSON.parse(JSON.stringify({ readings }))) !== null);
    }),
  );
});

test('what lies beyond a limit is left to the schema', () => {
  const one = { series: 'a', time: 1, values: { cpu: 1 } };
  const many = { readings: Array.from({ length: 10_001 }, () => one) };
  const signals = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`s${at}`, at]));
  for (const value of [many, { readings: [] }, { readings: [{ ...one, values: signals }] }]) {
    assert.equal(quickDataRequest(value), null);
    assert.equal(DataRequest.safeParse(value).success, false);
  }
});
