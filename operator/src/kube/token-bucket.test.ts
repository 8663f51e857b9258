import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../testing/fake-clock.ts';
import { TokenBucket } from './token-bucket.ts';

test('A burst goes at once, the rest at the rate, in the order of asking', () => {
  const bucket = new TokenBucket({ perSecond: 10, burst: 3 }, new FakeClock());
  assert.deepEqual(
    Array.from({ length: 6 }, () => Math.round(bucket.reserve())),
    [0, 0, 0, 100, 200, 300],
  );
});

test('In no stretch of time do more pass than the burst and the rate allow', async () => {
  const steps = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(steps, async (pauses) => {
      const clock = new FakeClock();
      const bucket = new TokenBucket({ perSecond: 5, burst: 4 }, clock);
      const passed: number[] = [];
      for (const pauseMs of pauses) {
        await clock.advance(pauseMs);
        if (bucket.tryTake()) passed.push(clock.monotonicMs());
      }
      for (const [index, from] of passed.entries())
        for (const [more, to] of passed.slice(index).entries())
          assert.ok(more + 1 <= 4 + ((to - from) / 1000) * 5 + 1e-6);
    }),
    { numRuns: 30 },
  );
});
