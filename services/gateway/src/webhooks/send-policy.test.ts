import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { healthOf, type Outcome, defaultSendPolicy as policy, settlementOf } from './send-policy.ts';

const failed = (status: number | null, retryAfterSeconds: number | null = null): Outcome => ({
  kind: 'failed',
  status,
  message: 'it failed',
  retryAfterSeconds,
});
const settle = (attempts: number, outcome: Outcome, random = () => 0.5) =>
  settlementOf({ id: 1, attempts }, outcome, policy, random);
const health = (failures: number, outcomes: Outcome[], random = () => 1) =>
  healthOf({ name: 'ops', failures }, outcomes, policy, random);

test('waits grow exponentially up to their bound, with the upper half left to chance', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 31 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (n, chance) => {
        const { waitMs, state } = settle(n, failed(500), () => chance);
        const ceilingMs = Math.min(3_600_000, 5000 * 2 ** (n - 1));
        assert.equal(state, 'waiting');
        assert.ok(waitMs >= ceilingMs / 2 - 1 && waitMs <= ceilingMs, `${n}: ${waitMs}`);
      },
    ),
  );
});

test('a receiver that says when to come back is obeyed, within the bound', () => {
  assert.equal(settle(1, failed(429, 100)).waitMs, 100_000);
  assert.equal(settle(1, failed(503, 999_999)).waitMs, 3_600_000);
  assert.equal(health(0, [failed(503, 60)])?.pauseMs, 60_000);
});

test('a message is dead after its last attempt, or at once where there is no hope', () => {
  assert.equal(settle(policy.mostAttempts - 1, failed(null)).state, 'waiting');
  assert.equal(settle(policy.mostAttempts, failed(null)).state, 'dead');
  assert.equal(settle(1, failed(410)).state, 'dead');
  assert.equal(settle(1, { kind: 'hopeless', message: 'the anomaly is gone' }).state, 'dead');
});

test('what was broken off by us does not count as an attempt', () => {
  const { state, counts, waitMs } = settle(3, { kind: 'broken off' });
  assert.deepEqual({ state, counts, waitMs }, { state: 'waiting', counts: false, waitMs: 0 });
  assert.equal(health(0, [{ kind: 'broken off' }]), null);
});

test('a receiver that fails is left alone for longer and longer, one that refuses a message is not', () => {
  assert.equal(health(0, [failed(500)])?.pauseMs, 5000);
  assert.equal(health(3, [failed(null)])?.pauseMs, 40_000);
  assert.equal(health(99, [failed(null)])?.pauseMs, 600_000);
  assert.equal(health(0, [failed(400)])?.pauseMs, 0);
  assert.equal(health(0, [failed(302)])?.pauseMs, 5000);
});

test('one success says that a receiver is well; 410 says that it wants no more', () => {
  assert.equal(health(7, [failed(500), { kind: 'delivered', status: 204 }])?.failure, null);
  assert.equal(health(0, [failed(410)])?.disabledWhy, 'it failed');
});
