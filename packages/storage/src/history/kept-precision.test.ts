import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keptBand, keptExpected, keptScore } from './kept-precision.ts';

const float = fc.float({ noDefaultInfinity: false, noNaN: false });

test('a score stays within half a step, and on its side of the border of alarms', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (score) => {
      const kept = keptScore(score);
      assert.ok(Math.abs(kept - score) <= 1 / 254);
      assert.equal(kept > 0.5, score > 0.5);
      assert.equal(keptScore(kept), kept);
    }),
  );
  assert.deepEqual([0, 0.5, 1].map(keptScore), [0, 0.5, 1]);
  assert.ok(keptScore(0.500001) > 0.5);
});

test('a band stays within a sixteenth of itself', () => {
  fc.assert(
    fc.property(float, (band) => {
      const kept = keptBand(band);
      if (Math.abs(band) > 1e-30 && Number.isFinite(band))
        assert.ok(Math.abs(kept - band) <= Math.abs(band) / 16 || kept === band);
      assert.ok(Object.is(keptBand(kept), kept));
    }),
  );
  assert.ok(Number.isNaN(keptBand(Number.NaN)));
});

test('what was expected stays within a fifteenth of the band, and is exact where there is none', () => {
  fc.assert(
    fc.property(float, float, (expected, band) => {
      const kept = keptExpected(expected, band);
      const finite = Number.isFinite(expected) && Number.isFinite(band) && band > 1e-30;
      // Beyond the digits that a 32-bit float has there is nothing to keep.
      if (finite) assert.ok(Math.abs(kept - expected) <= band / 15 + Math.abs(expected) * 2 ** -23);
      else if (!(band > 0)) assert.ok(Object.is(kept, expected));
      assert.ok(Object.is(keptExpected(kept, keptBand(band)), kept));
    }),
  );
});
