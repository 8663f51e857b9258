import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScoredReadings } from '@verdict/contracts';
import type { HistoryRows } from '@verdict/storage';
import { historyView } from './history-view.ts';
import { joinTail } from './join-tail.ts';

const stored: HistoryRows = {
  signals: ['cpu'],
  times: Float64Array.of(1000, 2000),
  values: Float32Array.of(0.1, 2),
  expected: Float32Array.of(1, Number.NaN),
  band: Float32Array.of(0.5, 0.5),
  score: Float32Array.of(0.25, 0.5),
  flags: Uint8Array.of(4, 1),
};
const tail: ScoredReadings = {
  series: 'host/a',
  signals: ['memory', 'cpu'],
  times: [2000, 3000, 9000],
  values: [7, 99, 8, 3, 9, 4],
  expected: [null, null, null, 5, null, null],
  band: [null, null, null, null, null, null],
  score: [0.75, 0.125, 0.5],
  flags: [0, 2, 0],
};

test('the tail adds only what is later than the stored rows and within the range', () => {
  const rows = joinTail(stored, tail, 0, 5000);
  assert.deepEqual([...rows.times], [1000, 2000, 3000]);
  assert.deepEqual(rows.signals, ['cpu', 'memory']);
  assert.deepEqual([...rows.score], [0.25, 0.5, 0.125]);
  assert.deepEqual([...rows.flags], [4, 1, 2]);
});

test('missing values become null and floats keep their short form', () => {
  const rows = joinTail(stored, tail, 0, 5000);
  const view = historyView({ series: 'host/a', fromMs: 0, toMs: 5000, points: 0, rows, complete: true });
  assert.deepEqual(view.signals[0]?.value, [0.1, 2, 3]);
  assert.deepEqual(view.signals[0]?.expected, [1, null, 5]);
  assert.deepEqual(view.signals[1]?.value, [null, null, 8]);
  assert.equal(view.readings, 3);
  assert.equal(view.downsampled, false);
});

test('without stored rows the tail stands alone, without a tail the stored rows', () => {
  assert.deepEqual([...joinTail(null, tail, 2500, 5000).times], [3000]);
  assert.deepEqual([...joinTail(stored, null, 0, 5000).times], [1000, 2000]);
  assert.deepEqual([...joinTail(null, null, 0, 5000).times], []);
});
