import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleRows } from '../testing/sample-batch.ts';
import { clipRows, mergeRows } from './merge-rows.ts';

test('of overlapping chunks each time is given once, by the chunk that stands first', () => {
  const first = { ...sampleRows([1, 2, 3]), flags: Uint8Array.of(1, 1, 1) };
  const second = { ...sampleRows([2, 3, 4]), flags: Uint8Array.of(2, 2, 2) };
  const merged = mergeRows([first, second]);
  assert.deepEqual([...(merged?.times ?? [])], [1, 2, 3, 4]);
  assert.deepEqual([...(merged?.flags ?? [])], [1, 1, 1, 2]);
});

test('a signal that a chunk does not have is missing there', () => {
  const merged = mergeRows([sampleRows([60_000], ['a']), sampleRows([120_000], ['b', 'a'])]);
  assert.deepEqual(merged?.signals, ['b', 'a']);
  assert.deepEqual([...(merged?.values ?? [])], [Number.NaN, 1, 2, 3]);
});

test('clipping keeps the newest readings within the range', () => {
  const rows = sampleRows([1, 2, 3, 4, 5], ['a', 'b']);
  const clipped = clipRows(rows, { fromMs: 2, toMs: 4, limit: 2 });
  assert.deepEqual([...(clipped?.times ?? [])], [3, 4]);
  assert.equal(clipped?.values.length, 4);
  assert.equal(clipRows(rows, { fromMs: 6, toMs: 9, limit: 2 }), null);
  assert.equal(mergeRows([]), null);
});
