import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SnapshotLoad } from './snapshot-load.ts';
import { SnapshotSchedule } from './snapshot-schedule.ts';

const limits = { snapshotMs: 1000, snapshotReadings: 500, replayMs: 1e9 };

test('a snapshot is due after some time or some readings, and only when there is something new', () => {
  const schedule = new SnapshotSchedule(limits, 0, new SnapshotLoad());
  assert.equal(schedule.due(5000), false);
  schedule.note(10);
  assert.equal(schedule.due(999), false);
  assert.equal(schedule.due(1000), true);
  schedule.taken(1000, 1);
  schedule.note(499);
  assert.equal(schedule.due(1100), false);
  schedule.note(1);
  assert.equal(schedule.due(1100), true);
});

test('however many partitions a process has, snapshots take at most a fifth of its time', () => {
  const load = new SnapshotLoad();
  const schedules = Array.from({ length: 8 }, () => new SnapshotSchedule(limits, 0, load));
  const costMs = 300;
  let nowMs = 0;
  let spentMs = 0;
  while (nowMs < 200_000) {
    nowMs += 50;
    for (const schedule of schedules) {
      schedule.note(100);
      if (!schedule.due(nowMs)) continue;
      nowMs += costMs;
      spentMs += costMs;
      schedule.taken(nowMs, costMs);
    }
  }
  assert.ok(spentMs / nowMs < 0.21, `${spentMs} of ${nowMs} ms`);
  assert.ok(spentMs / nowMs > 0.1, `${spentMs} of ${nowMs} ms`);
});

test('a partition that was given back counts no more', () => {
  const load = new SnapshotLoad();
  const [one, other] = [new SnapshotSchedule(limits, 0, load), new SnapshotSchedule(limits, 0, load)];
  one.taken(0, 10_000);
  other.note(500);
  assert.equal(other.due(20_000), false, 'the other one still counts');
  one.close();
  assert.equal(other.due(20_000), true);
});

test('what a replay would take is shared by all partitions of a process', () => {
  const load = new SnapshotLoad();
  const rare = { ...limits, snapshotMs: 1e9, snapshotReadings: 1e9, replayMs: 3000 };
  const [one, other] = [new SnapshotSchedule(rare, 0, load), new SnapshotSchedule(rare, 0, load)];
  one.note(1);
  one.worked(1499);
  assert.equal(one.due(10), false);
  one.worked(1);
  assert.equal(one.due(10), true);
  other.close();
  assert.equal(one.due(10), false);
  one.worked(1500);
  assert.equal(one.due(10), true);
  one.taken(10, 0);
  one.note(1);
  assert.equal(one.due(20), false);
});

test('partitions that are given back together take last snapshots as long as there is time for them', () => {
  const load = new SnapshotLoad();
  const [one, other, third] = [1, 2, 3].map(() => new SnapshotSchedule(limits, 0, load));
  for (const [schedule, costMs] of [
    [one, 5000],
    [other, 4000],
    [third, 3000],
  ] as const)
    schedule?.taken(0, costMs);
  assert.deepEqual(
    [one, other, third].map((schedule) => schedule?.takeLast()),
    [true, false, true],
  );
  one?.close();
  assert.equal(other?.takeLast(), true, "who is through stands in nobody's way");
});
