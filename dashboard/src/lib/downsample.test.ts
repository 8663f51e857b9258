import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepExtremes } from './downsample.ts';

test('few points are all kept', () => {
  assert.deepEqual(keepExtremes([3, null, 1], 10), [0, 1, 2]);
});

test('however many points, at most the asked number stays, ascending, with both extremes and both ends', () => {
  const value = fc.option(fc.integer({ min: -1000, max: 1000 }), { nil: null, freq: 9 });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 20, maxLength: 400 }),
      fc.integer({ min: 6, max: 60 }),
      (values, most) => {
        const chosen = keepExtremes(values, most);
        assert.ok(chosen.length <= Math.max(most, Math.min(values.length, most)));
        for (let index = 1; index < chosen.length; index++)
          assert.ok((chosen[index] ?? 0) > (chosen[index - 1] ?? 0));
        assert.equal(chosen[0], 0);
        assert.equal(chosen.at(-1), values.length - 1);
        const present = values.filter((item) => item !== null);
        const kept = chosen
          .map((index) => values[index])
          .filter((item) => item !== null && item !== undefined);
        if (present.length > 0) {
          assert.equal(Math.max(...kept), Math.max(...present));
          assert.equal(Math.min(...kept), Math.min(...present));
        }
      },
    ),
  );
});
