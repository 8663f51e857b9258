import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { precisionOf } from './precision.ts';

test('without answers there is no precision', () => {
  assert.equal(precisionOf(0, 0), null);
});

test('the interval is the published one for 8 of 10', () => {
  const precision = precisionOf(8, 2);
  assert.ok(precision !== null);
  assert.ok(Math.abs(precision.low - 0.4902) < 0.0005 && Math.abs(precision.high - 0.9433) < 0.0005);
});

test('the interval holds the share and narrows with more answers', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (yes, no) => {
      const few = precisionOf(yes, no);
      const many = precisionOf(yes * 10, no * 10);
      assert.ok(few !== null && many !== null);
      assert.ok(
        few.low <= few.share + 1e-12 && few.share <= few.high + 1e-12 && few.low >= 0 && few.high <= 1,
      );
      assert.ok(many.high - many.low < few.high - few.low);
    }),
  );
});
