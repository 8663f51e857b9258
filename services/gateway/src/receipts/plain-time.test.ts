import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainDay, plainMoment } from './plain-time.ts';

const nowMs = Date.parse('2026-11-22T20:30:00Z');

test('days and moments are said in UTC, with the day and the year only where they are needed', () => {
  assert.equal(plainMoment(Date.parse('2026-11-22T19:02:59Z'), nowMs), '19:02 UTC');
  assert.equal(plainMoment(Date.parse('2026-11-21T23:59:00Z'), nowMs), '21 Nov, 23:59 UTC');
  assert.equal(plainDay(Date.parse('2026-12-22T00:00:00Z'), nowMs), '22 Dec');
  assert.equal(plainDay(Date.parse('2027-01-01T00:00:00Z'), nowMs), '1 Jan 2027');
  assert.equal(plainMoment(Date.parse('2025-11-22T20:30:00Z'), nowMs), '22 Nov 2025, 20:30 UTC');
});
