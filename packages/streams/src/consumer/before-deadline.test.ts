import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '../in-memory/simulated-clock.ts';
import { beforeDeadline } from './before-deadline.ts';

const clock = { ...new SimulatedClock(), sleep: () => Promise.resolve() };

test('an answer that has come by the deadline, though nobody has looked yet, counts', async () => {
  const answer = new Promise<string>((resolve) => setImmediate(() => resolve('renewed')));
  assert.equal(await beforeDeadline(answer, { clock, ms: 4000, what: 'the heartbeat' }), 'renewed');
});

test('what has not come by the deadline is told by name', async () => {
  const never = new Promise<never>(() => {});
  const late = beforeDeadline(never, { clock, ms: 4000, what: 'the heartbeat' });
  await assert.rejects(late, { message: 'the heartbeat took longer than 4000 ms' });
});
