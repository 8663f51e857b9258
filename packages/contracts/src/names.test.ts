import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSeriesKey, isSignalName, SeriesKey, SignalName } from './names.ts';

const nearly = fc.oneof(
  fc.array(fc.constantFrom('a', 'Z', '9', '.', '..', '...', '/', '_', ':', '-', ' ', '\n', 'ä', '€'), {
    maxLength: 12,
  }),
  fc.array(fc.constantFrom('shop', '/', 'x.y', '.', 'cart-2'), { maxLength: 60 }),
  fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
);

test('keys and names are taken at speed just when the schema takes them', () => {
  let keys = 0;
  let names = 0;
  fc.assert(
    fc.property(nearly, (parts) => {
      const text = parts.join('');
      if (isSeriesKey(text)) keys += 1;
      if (isSignalName(text)) names += 1;
      assert.equal(isSeriesKey(text), SeriesKey.safeParse(text).success, JSON.stringify(text));
      assert.equal(isSignalName(text), SignalName.safeParse(text).success, JSON.stringify(text));
    }),
    { numRuns: 5000 },
  );
  assert.ok(keys > 300 && names > 100, `${keys} keys, ${names} names`);
});

test('the longest key is one of 200 characters', () => {
  assert.equal(isSeriesKey('x'.repeat(200)), true);
  assert.equal(isSeriesKey('x'.repeat(201)), false);
});
