import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rollbackChoices } from './rollback-choices.ts';

const versions = [
  { version: 1, state: 'accepted' },
  { version: 2, state: 'refused' },
  { version: 3, state: 'aborted' },
  { version: 4, state: 'accepted' },
] as const;

test('what may serve or did can be returned to, and the built-in version always', () => {
  assert.deepEqual(rollbackChoices(versions, { champion: 4, candidate: null }), [3, 1, 0]);
  assert.deepEqual(rollbackChoices([], { champion: 1, candidate: null }), [0]);
});

test('while a version is rolled out, the one that serves can be returned to', () => {
  assert.deepEqual(rollbackChoices(versions, { champion: 1, candidate: 4 }), [3, 1, 0]);
});

test('the built-in version is no choice while it serves alone', () => {
  assert.deepEqual(rollbackChoices([], { champion: 0, candidate: null }), []);
  assert.deepEqual(rollbackChoices([], null), []);
});
