import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScoredReadings } from '@verdict/contracts';
import { hasQuieted, quietedMarks, signalPoints, usualStepMs, valueSpan } from './chart-points.ts';
import { appendReadings, crossingsOf, newestIs, type Track } from './track.ts';

function track(times: number[], score = times.map(() => 0)): Track {
  const columns = { value: times.map(Number), expected: times.map(() => 0), band: times.map(() => 1) };
  return { times, score, flags: times.map(() => 0), signals: new Map([['cpu', columns]]) };
}

function readings(times: number[], signals = ['cpu']): ScoredReadings {
  const rows = times.flatMap((time) => signals.map((_, index) => time * 10 + index));
  return {
    series: 'shop/cart',
    signals,
    times,
    values: rows,
    expected: rows.map(() => 0),
    band: rows.map(() => 1),
    score: times.map(() => 0.6),
    flags: times.map(() => 4),
  };
}

test('live readings go on after the newest point; what is known already is dropped', () => {
  const next = appendReadings(track([1, 2, 3]), readings([2, 3, 4, 5]), 0);
  assert.deepEqual(next.times, [1, 2, 3, 4, 5]);
  assert.deepEqual(next.signals.get('cpu')?.value, [1, 2, 3, 40, 50]);
  assert.equal(newestIs(next, 'warming'), true);
});

test('nothing new leaves the track untouched, and old points leave a moving range', () => {
  const known = track([1, 2, 3]);
  assert.equal(appendReadings(known, readings([3]), 0), known);
  assert.deepEqual(appendReadings(known, readings([4]), 3).times, [3, 4]);
});

test('a signal that begins later is missing before, and its rows are found in the matrix', () => {
  const next = appendReadings(track([1, 2]), readings([3, 4], ['cpu', 'disk']), 0);
  assert.deepEqual(next.signals.get('disk')?.value, [null, null, 31, 41]);
  assert.deepEqual(next.signals.get('cpu')?.value, [1, 2, 30, 40]);
});

test('crossings of the threshold are found both ways', () => {
  const crossings = crossingsOf(track([1, 2, 3, 4], [0.1, 0.6, 0.7, 0.2]), 0.5);
  assert.deepEqual(crossings, [
    { timeMs: 2, up: true },
    { timeMs: 4, up: false },
  ]);
});

test('a chart never gets more points than it may draw', () => {
  const times = Array.from({ length: 50_000 }, (_, index) => index * 1000);
  assert.ok(signalPoints(track(times), 'cpu').length <= 1500);
  assert.ok(signalPoints(track(times), null).length <= 1500);
});

test('a long pause is drawn as a gap', () => {
  const points = signalPoints(track([1000, 2000, 3000, 60_000, 61_000]), 'cpu');
  assert.deepEqual(
    points.map((point) => point.value),
    [1000, 2000, 3000, null, 60_000, 61_000],
  );
  assert.equal(usualStepMs([1, 2, 3, 60]), 1);
});

test('the span of a chart is what its summary says', () => {
  assert.deepEqual(valueSpan(signalPoints(track([5, 9, 7].sort()), 'cpu')), { low: 5, high: 9, newest: 9 });
  assert.equal(valueSpan([]), null);
});

test('quieted readings are marked where they stand, thinned evenly when there are many', () => {
  const times = Array.from({ length: 400 }, (_, index) => index * 1000);
  const quiet = { ...track(times), flags: times.map((_, index) => (index < 300 ? 8 : 1)) };
  assert.equal(hasQuieted(quiet, { fromMs: 0, toMs: 1000 }), true);
  assert.equal(hasQuieted(quiet, { fromMs: 300_000, toMs: 400_000 }), false);
  const points = signalPoints(quiet, 'cpu');
  const few = points.slice(298);
  assert.deepEqual(
    quietedMarks(few, (point) => point.value).map((mark) => mark.timeMs),
    [298_000, 299_000],
  );
  const marks = quietedMarks(points, (point) => point.value, 80);
  assert.equal(marks.length, 80);
  assert.ok((marks.at(-1)?.timeMs ?? 0) > 290_000);
});
