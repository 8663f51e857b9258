import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DelayHeap } from './delay-heap.ts';

test('Whatever is added, keys come out in the order of their earliest times, each once', () => {
  const adds = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1000 })));
  fc.assert(
    fc.property(adds, (entries) => {
      const heap = new DelayHeap<number>();
      const earliest = new Map<number, number>();
      for (const [key, dueMs] of entries) {
        heap.add(key, dueMs);
        earliest.set(key, Math.min(dueMs, earliest.get(key) ?? Number.POSITIVE_INFINITY));
      }
      assert.equal(heap.size, earliest.size);
      const taken: number[] = [];
      for (let key = heap.takeDue(1000); key !== undefined; key = heap.takeDue(1000)) taken.push(key);
      const dues = taken.map((key) => earliest.get(key) ?? Number.NaN);
      assert.deepEqual(
        dues,
        [...dues].sort((a, b) => a - b),
      );
      assert.deepEqual(new Set(taken), new Set(entries.map(([key]) => key)));
      assert.equal(taken.length, earliest.size);
    }),
  );
});

test('What is not yet due stays', () => {
  const heap = new DelayHeap<string>();
  heap.add('a', 10);
  assert.equal(heap.takeDue(9), undefined);
  assert.equal(heap.firstDueMs, 10);
  assert.equal(heap.takeDue(10), 'a');
});
