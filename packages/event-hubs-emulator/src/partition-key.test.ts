import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOfKey } from './partition-key.ts';
import { clientPartitionOfKey } from './testing/client-partition-of-key.ts';

test("a key's partition is the one that the client's buffered producer computes", () => {
  const keys = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 1024 }), (key, count) => {
      assert.equal(partitionOfKey(key, count), clientPartitionOfKey(key, count));
    }),
    { numRuns: 3000 },
  );
});
