import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionLife } from '../testing/version-life.fixture.ts';
import { growthSince, totalsOf } from './version-totals.ts';

test('the lives of a version are summed over partitions, those of others are not', () => {
  const lives = [
    versionLife(1, { readings: 10, anomalies: 1, pValues: [1, 2], sinceMs: 50 }),
    versionLife(1, { readings: 5, inputs: [7], logResiduals: { sum: -3, count: 4 }, sinceMs: 40 }),
    versionLife(2, { readings: 99 }),
  ];
  assert.deepEqual(totalsOf(lives, 1), {
    sinceMs: 40,
    readings: 15,
    anomalies: 1,
    pValues: [1, 2],
    inputs: [7],
    logResiduals: { sum: -3, count: 4 },
  });
  assert.deepEqual([totalsOf(lives, 3).sinceMs, totalsOf(lives, 3).readings], [null, 0]);
});

test('what grew is the difference, also where bins or partitions are new', () => {
  const before = totalsOf([versionLife(1, { readings: 10, pValues: [1, 2] })], 1);
  const more = versionLife(1, { readings: 30, anomalies: 2, pValues: [1, 5], inputs: [3] });
  const growth = growthSince(before, totalsOf([more, versionLife(1, { readings: 4, sinceMs: 200 })], 1));
  assert.deepEqual(
    [growth?.readings, growth?.anomalies, growth?.pValues, growth?.inputs],
    [24, 2, [0, 3], [3]],
  );
  const never = totalsOf([], 1);
  assert.equal(growthSince(never, before)?.readings, 10);
});

test('figures that shrank, or of a version that began anew, do not go on', () => {
  const before = totalsOf([versionLife(1, { readings: 10, sinceMs: 100 })], 1);
  assert.equal(growthSince(before, totalsOf([versionLife(1, { readings: 9, sinceMs: 100 })], 1)), null);
  assert.equal(growthSince(before, totalsOf([versionLife(1, { readings: 20, sinceMs: 101 })], 1)), null);
  assert.equal(growthSince(before, totalsOf([], 1)), null);
});
