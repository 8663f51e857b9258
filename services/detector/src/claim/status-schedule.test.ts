import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostStatuses, StatusSchedule } from './status-schedule.ts';

test('statuses are written every so often, as many as the time since allows', () => {
  const schedule = new StatusSchedule(5000, 1000);
  assert.equal(schedule.due(5999), 0);
  assert.equal(schedule.due(6000), 1250);
  assert.equal(schedule.due(8000), 1750);
  schedule.written(8000);
  assert.equal(schedule.due(12_999), 0);
  assert.equal(schedule.due(13_000), 1250);
});

test('however long nothing was written, one commit takes no more than it can bear', () => {
  assert.equal(new StatusSchedule(5000, 0).due(3_600_000), mostStatuses);
});
