import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTimes } from './check-times.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const dayMs = 86_400_000;
const reading = (time: number) => ({ series: 'a', time, values: { cpu: 1 } });

test('five minutes ahead and the whole retention back are taken, a millisecond more is not', () => {
  const edge = [nowMs + 300_000, nowMs - 30 * dayMs, nowMs].map(reading);
  assert.deepEqual(checkTimes(edge, nowMs, 30 * dayMs), []);
  const beyond = [nowMs, nowMs + 300_001, nowMs - 30 * dayMs - 1].map(reading);
  assert.deepEqual(
    checkTimes(beyond, nowMs, 30 * dayMs).map(({ index, reason, error }) => [index, reason, error.field]),
    [
      [1, 'ahead', 'readings[1].time'],
      [2, 'too_old', 'readings[2].time'],
    ],
  );
});
