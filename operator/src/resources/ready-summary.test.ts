import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReadyState, readySummary } from './ready-summary.ts';

const fine = { reason: 'Serving', message: 'version 3 serves' };
const platformAway = { reason: 'PlatformUnavailable', message: 'the gateway does not answer' };
const waiting = { reason: 'NoDetector', message: 'no detector is ready' };
const stalled = { reason: 'ModelTaken', message: 'pool other serves it', serves: false };

function told(state: Omit<ReadyState, 'fine'>): string[] {
  return readySummary({ ...state, fine }).map(({ type, status, reason }) => `${type}=${status}/${reason}`);
}

test('what is as it is to be is ready, and nothing is in its way', () => {
  assert.deepEqual(told({}), ['Ready=True/Serving', 'Stalled=False/NothingInTheWay']);
});

test('what is on its way is not ready, and no failure', () => {
  assert.deepEqual(told({ waiting }), ['Ready=False/NoDetector', 'Stalled=False/NothingInTheWay']);
});

test('what cannot go on without somebody is a failure, and not ready unless it serves all the same', () => {
  assert.deepEqual(told({ stalled, waiting }), ['Ready=False/ModelTaken', 'Stalled=True/ModelTaken']);
  const serves = { ...stalled, serves: true };
  assert.deepEqual(told({ stalled: serves }), ['Ready=True/Serving', 'Stalled=True/ModelTaken']);
  assert.deepEqual(told({ stalled: serves, waiting }), ['Ready=False/NoDetector', 'Stalled=True/ModelTaken']);
});

test('while the platform is away nobody knows', () => {
  const [ready] = told({ platformAway, waiting, stalled });
  assert.equal(ready, 'Ready=Unknown/PlatformUnavailable');
});
