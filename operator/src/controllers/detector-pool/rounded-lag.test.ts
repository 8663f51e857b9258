import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundedLag, toldLag } from './rounded-lag.ts';

const lags = (...events: (number | null)[]) =>
  roundedLag(events.map((lagEvents, index) => ({ partition: String(index), lagEvents })));
const told = (before: number, now: number, sinceMs: number, writtenAnyway = false) =>
  toldLag({ events: before }, { events: now }, { writtenAnyway, sinceMs })?.events;

test('a lag is told with one digit, and with the partition in which most waits', () => {
  assert.deepEqual(lags(2, 7), { events: 0 });
  assert.deepEqual(lags(2, 40), { events: 40, partition: '1' });
  assert.deepEqual(lags(1240, null, 3), { events: 1000, partition: '0' });
  assert.equal(lags(null, null), undefined);
});

test('a lag that moves is told once a minute at most, and only when it doubled or halved', () => {
  assert.equal(told(40, 90, 59_000), 40);
  assert.equal(told(40, 90, 60_000), 90);
  assert.equal(told(40, 70, 600_000), 40);
  assert.equal(told(0, 10, 60_000), 10);
  assert.equal(told(40, 0, 60_000), 0);
});

test('whatever is written anyway tells the newest', () => {
  assert.equal(told(40, 50, 0, true), 50);
});

test('one that was never told is told at once, one that is unknown for a moment stays', () => {
  const at = { writtenAnyway: false, sinceMs: 0 };
  assert.deepEqual(toldLag(undefined, { events: 10 }, at), { events: 10 });
  assert.deepEqual(toldLag({ events: 10 }, undefined, at), { events: 10 });
  assert.equal(toldLag({ events: 10 }, undefined, { ...at, sinceMs: 60_000 }), undefined);
});
