import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { backOff } from './back-off.ts';

test('waits grow up to the maximum and start short again after a success', () => {
  const waits = backOff({ firstMs: 100, maxMs: 450, random: () => 1 });
  assert.deepEqual([waits.nextMs(), waits.nextMs(), waits.nextMs(), waits.nextMs()], [100, 200, 400, 450]);
  waits.reset();
  assert.equal(waits.nextMs(), 100);
});

test('every wait lies between half the first and the maximum', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1 }), (draws) => {
      let index = 0;
      const waits = backOff({ firstMs: 50, maxMs: 2000, random: () => draws[index++ % draws.length] ?? 0 });
      for (let round = 0; round < 20; round++) {
        const waitMs = waits.nextMs();
        assert.ok(waitMs >= 25 && waitMs <= 2000);
      }
    }),
  );
});
