import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readingBodies } from './reading-batches.ts';

const readings = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ series: 'a', time: index, values: { x: index } }));

test('bodies hold every reading once, in order, within the limits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 200, max: 900 }),
      (count, readingsPerRequest, bodyBytes) => {
        const bodies = [...readingBodies(readings(count), { readingsPerRequest, bodyBytes })];
        for (const body of bodies) assert.ok(Buffer.byteLength(body) <= bodyBytes);
        const batches = bodies.map((body) => JSON.parse(body).readings);
        for (const batch of batches) assert.ok(batch.length >= 1 && batch.length <= readingsPerRequest);
        assert.deepEqual(batches.flat(), readings(count));
      },
    ),
  );
});
