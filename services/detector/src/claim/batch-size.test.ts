import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchSize } from './batch-size.ts';

const most = { events: 1000, bytes: 4_000_000, waitMs: 200 };

test('a batch takes about a second, whatever its bytes cost', () => {
  const size = new BatchSize(() => 1);
  assert.ok(size.limits(most).bytes < most.bytes, 'nothing is known yet');
  for (let batch = 0; batch < 20; batch += 1) size.scored(100_000, 50);
  assert.equal(Math.round(size.limits(most).bytes / 10_000), 200);
  for (let batch = 0; batch < 20; batch += 1) size.scored(100_000, 100);
  assert.equal(Math.round(size.limits(most).bytes / 10_000), 100);
});

test('where many partitions wait for each other, the batches of all of them together are bounded', () => {
  const size = new BatchSize(() => 40);
  size.scored(100_000, 50);
  assert.equal(size.limits(most).bytes, 400_000);
});

test('a batch is never larger than the limit, nor so small that commits would be all there is', () => {
  const size = new BatchSize(() => 1);
  size.scored(100_000, 0.001);
  assert.deepEqual(size.limits(most), most);
  size.scored(1000, 1e9);
  assert.equal(size.limits(most).bytes, 65_536);
});
