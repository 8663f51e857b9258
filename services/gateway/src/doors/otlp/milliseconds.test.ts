import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { millisecondsOfNanoseconds } from './milliseconds.ts';

test('the millisecond of a time is kept, whatever its nanoseconds lose as a double', () => {
  const ms = fc.integer({ min: 1, max: 4_102_444_800_000 });
  // Half a microsecond before the next millisecond is as near to that one as a double can tell.
  const restNs = fc.integer({ min: 0, max: 999_000 });
  fc.assert(
    fc.property(ms, restNs, (time, rest) => {
      const ns = Number(`${time}${String(rest).padStart(6, '0')}`);
      assert.equal(millisecondsOfNanoseconds(ns), time);
    }),
    { numRuns: 2000 },
  );
  assert.equal(millisecondsOfNanoseconds(Number('1795432509538000000')), 1_795_432_509_538);
});
