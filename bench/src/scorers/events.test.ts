import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addEvents, countEvents, eventFigures, noEvents } from './events.ts';
import { hitRate } from './hit-rate.ts';

test('an event is found by an overlap of one row, and an anomaly is right by the same', () => {
  const counts = countEvents(
    [
      [10, 20],
      [40, 45],
    ],
    [
      [5, 10],
      [12, 13],
      [30, 39],
    ],
  );
  assert.deepEqual(counts, { events: 2, found: 1, anomalies: 3, right: 2 });
  const { precision, recall, f1 } = eventFigures(counts);
  assert.deepEqual([precision, recall], [2 / 3, 1 / 2]);
  assert.ok(Math.abs(f1 - 4 / 7) < 1e-12);
});

test('what lies before the first scored row counts for nothing', () => {
  const counts = countEvents(
    [[0, 5]],
    [
      [2, 3],
      [30, 31],
    ],
    10,
  );
  assert.deepEqual(counts, { events: 0, found: 0, anomalies: 1, right: 0 });
  assert.deepEqual(addEvents(noEvents, counts), counts);
});

test('the hit rate looks at as many signals as explain the event, or half as many more', () => {
  const shares = Float64Array.of(0.1, 0.4, 0.2, 0.3, 0);
  assert.equal(hitRate(shares, [1, 2], 1), 0.5);
  assert.equal(hitRate(shares, [1, 2], 1.5), 1);
  // ⌊1.5 × 1⌋ = 1
  assert.equal(hitRate(shares, [3], 1.5), 0);
  // Signals that say nothing rank by their number.
  assert.equal(hitRate(new Float64Array(5), [0, 4], 1), 0.5);
});
