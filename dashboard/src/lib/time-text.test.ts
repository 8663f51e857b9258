import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAgo,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMoment,
  formatTick,
  formatUtc,
  timeTicks,
} from './time-text.ts';

const noon = Date.parse('2026-11-22T12:00:00.000Z');

test('durations use at most two units', () => {
  assert.equal(formatDuration(400), '400 ms');
  assert.equal(formatDuration(42_000), '42 s');
  assert.equal(formatDuration(360_000), '6 min');
  assert.equal(formatDuration(7_500_000), '2 h 05 min');
  assert.equal(formatDuration(100 * 3_600_000), '4 d 4 h');
  assert.equal(formatDuration(-5), '0 ms');
});

test('the local time is in the asked zone and UTC stays UTC', () => {
  assert.equal(formatDateTime(noon, 'Asia/Tokyo'), 'Sun 22 Nov, 21:00:00');
  assert.equal(formatUtc(noon), '2026-11-22 12:00:00 UTC');
});

test('days are named relative to now in the zone', () => {
  assert.equal(formatDay(noon, noon, 'UTC'), 'Today');
  assert.equal(formatDay(noon - 86_400_000, noon, 'UTC'), 'Yesterday');
  assert.equal(formatDay(noon - 3 * 86_400_000, noon, 'UTC'), 'Thursday 19 November');
});

test('ticks are round, inside the range, and at most as many as asked', () => {
  const hour = timeTicks({ fromMs: noon - 3_600_000 + 1234, toMs: noon }, 6, 0);
  assert.ok(hour.length >= 3 && hour.length <= 6);
  for (const tick of hour) assert.equal(tick % 600_000, 0);
  const week = timeTicks({ fromMs: noon - 7 * 86_400_000, toMs: noon }, 8, 3_600_000);
  for (const tick of week) assert.equal((tick + 3_600_000) % 86_400_000, 0);
  assert.deepEqual(timeTicks({ fromMs: noon, toMs: noon }, 8, 0), []);
});

test('a tick at midnight shows the day, and seconds appear only in narrow ranges', () => {
  assert.equal(formatTick(Date.parse('2026-11-22T00:00:00Z'), 3_600_000, 'UTC'), '22 Nov');
  assert.equal(formatTick(noon, 600_000, 'UTC'), '12:00');
  assert.equal(formatTick(noon + 15_000, 15_000, 'UTC'), '12:00:15');
});

test('what happened a moment ago is just now', () => {
  assert.equal(formatAgo(1000), 'just now');
  assert.equal(formatAgo(60_000), '60 s ago');
});

test('a moment of today is its time alone, one of another day names the day', () => {
  const nowMs = Date.parse('2026-11-22T16:00:00Z');
  assert.equal(formatMoment(nowMs - 60_000, nowMs, 'UTC'), '15:59:00');
  assert.equal(formatMoment(nowMs - 86_400_000, nowMs, 'UTC'), 'Sat 21 Nov, 16:00:00');
});
