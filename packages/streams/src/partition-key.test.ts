import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { partitionOfKey } from './partition-key.ts';

const client = fileURLToPath(import.meta.resolve('@azure/event-hubs'));
const { mapPartitionKeyToId } = (await import(
  pathToFileURL(join(client, '..', 'impl', 'partitionKeyToIdMapper.js')).href
)) as { mapPartitionKeyToId(key: string, partitionCount: number): number };

test("a key goes to the partition that the official client's own hash gives", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.string({ unit: 'grapheme-ascii', maxLength: 400, size: 'max' }),
      ),
      fc.integer({ min: 1, max: 2048 }),
      (key, count) => {
        assert.equal(partitionOfKey(key, count), mapPartitionKeyToId(key, count));
      },
    ),
    { numRuns: 2000 },
  );
});

test('known keys stay where they are', () => {
  const partitions = ['shop/cart', 'shop/checkout', 'host/cpu', 'a', '', 'Ωμέγα'].map((key) =>
    partitionOfKey(key, 8),
  );
  assert.deepEqual(partitions, [0, 2, 1, 4, 0, 1]);
});

test('keys spread over all partitions', () => {
  const counts = new Array<number>(8).fill(0);
  for (let index = 0; index < 8000; index += 1) {
    const partition = partitionOfKey(`shop/service-${index}`, 8);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1200, `${count}`);
});

test('a number of partitions below one is refused', () => {
  assert.throws(() => partitionOfKey('a', 0), RangeError);
});
