import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnomalyChange } from '@verdict/detection';
import { AnomalyFollower, backtestAnomalyId } from './anomaly-follower.ts';

function change(kind: AnomalyChange['kind'], startTime: number, endTime: number): AnomalyChange {
  return {
    kind,
    series: 's',
    startTime,
    endTime,
    peakTime: endTime,
    peakScore: 0.9,
    revision: 1,
    openedBy: 0,
    signals: [],
    patterns: [],
  };
}

test('a reading belongs to the anomaly that was open when it was scored, not to one that opened later, nor to one that was over', () => {
  const follower = new AnomalyFollower('s');
  follower.follow([change('opened', 11, 11)], change('updated', 11, 14));
  const id = backtestAnomalyId('s', 11);
  assert.deepEqual(
    [10, 11, 14, 15].map((time) => follower.idAt(time)),
    [null, id, id, null],
  );
});

test('an anomaly goes on over several calls, and alarms during its rest belong to none', () => {
  const follower = new AnomalyFollower('s');
  follower.follow([change('opened', 10, 10)], change('opened', 10, 10));
  assert.ok(follower.raisedAt(10));
  follower.follow([change('closed', 10, 22), change('opened', 40, 40)], change('opened', 40, 41));
  const [first, second] = [backtestAnomalyId('s', 10), backtestAnomalyId('s', 40)];
  assert.deepEqual(
    [21, 22, 30, 40, 41].map((time) => follower.idAt(time)),
    [first, first, null, second, second],
  );
  assert.deepEqual(
    [21, 22, 40, 41].filter((time) => follower.raisedAt(time)),
    [40],
  );
});
