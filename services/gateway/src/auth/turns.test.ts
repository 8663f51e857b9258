import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpProblem } from '@verdict/process';
import { logInLimits } from './log-in-limits.ts';
import { Turns } from './turns.ts';

test('a flood of log-ins does not take every thread: two passwords are checked at once, in order', async () => {
  const turns = new Turns(2, 40);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const work = async (index: number): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    order.push(index);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (index === 3) throw new Error('this one fails');
  };
  const ended = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => turns.run(() => work(index))),
  );
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(ended.filter(({ status }) => status === 'rejected').length, 1);
});

test('when too many log-ins wait the next one is told to come back', async () => {
  const limits = logInLimits({ perAddressAndMinute: 1000, failures: 10, lockSeconds: 60 });
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const waiting = Array.from({ length: 42 }, () => limits.turn(() => open));
  await assert.rejects(
    async () => limits.turn(() => open),
    (error) => error instanceof HttpProblem && error.status === 429,
  );
  resolve();
  await Promise.all(waiting);
  await limits.turn(() => open);
});
