import assert from 'node:assert/strict';
import { test } from 'node:test';
import { championOf } from './champion-of.ts';

test('the champion serves most partitions; before the first commit it is the built-in version', () => {
  assert.equal(championOf([], null), 0);
  assert.equal(championOf([null, null], null), 0);
  assert.equal(championOf([1, 2, 2, null], null), 2);
  assert.equal(championOf([1, 1, 1, 4, 4], null), 1);
  assert.equal(championOf([1, 4], null), 4);
});

test('a candidate that serves most partitions is not the champion before its rollout has ended', () => {
  assert.equal(championOf([1, 2, 2], { champion: 1, candidate: 2 }), 1);
  assert.equal(championOf([1, 2, 2], { champion: 2, candidate: null }), 2);
});
