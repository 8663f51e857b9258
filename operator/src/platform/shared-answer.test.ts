import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import { SharedAnswer } from './shared-answer.ts';

function shared(takesMs = 0) {
  const clock = new FakeClock();
  let asked = 0;
  let trouble: Error | undefined;
  const answer = new SharedAnswer(async () => {
    asked += 1;
    const number = asked;
    if (takesMs > 0) await clock.sleep(takesMs);
    if (trouble) throw trouble;
    return number;
  }, clock);
  const fail = (error: Error | undefined): void => {
    trouble = error;
  };
  return { clock, answer, fail, asked: () => asked };
}

test('who asks at about the same time gets the same answer', async () => {
  const { clock, answer, asked } = shared();
  assert.deepEqual(await Promise.all([answer.get(), answer.get()]), [1, 1]);
  await clock.advance(1500);
  assert.equal(await answer.get(), 1);
  await clock.advance(1000);
  assert.equal(await answer.get(), 2);
  assert.equal(asked(), 2);
});

test('an answer is never older than it was asked for', async () => {
  const { clock, answer } = shared();
  assert.equal(await answer.get(), 1);
  await clock.advance(10);
  assert.equal(await answer.get({ notBeforeMs: clock.monotonicMs() }), 2);
  assert.equal(await answer.get({ notBeforeMs: clock.monotonicMs() - 5 }), 2);
});

test('what is under way does not answer for a moment after it was begun', async () => {
  const { clock, answer } = shared(100);
  const first = answer.get();
  await clock.advance(10);
  const second = answer.get({ notBeforeMs: clock.monotonicMs() });
  await clock.advance(200);
  assert.deepEqual(await Promise.all([first, second]), [1, 2]);
});

test('all who have written while one is under way share the one after it', async () => {
  const { clock, answer, asked } = shared(100);
  const first = answer.get();
  const later: Promise<number>[] = [];
  for (let writer = 0; writer < 5; writer++) {
    await clock.advance(10);
    later.push(answer.get({ notBeforeMs: clock.monotonicMs() }));
  }
  assert.equal(asked(), 1);
  await clock.advance(60);
  assert.equal(await first, 1);
  await clock.advance(100);
  assert.deepEqual(await Promise.all(later), [2, 2, 2, 2, 2]);
  assert.equal(asked(), 2);
});

test('what takes long to answer is asked less often', async () => {
  const { clock, answer, asked } = shared(1000);
  const first = answer.get();
  await clock.advance(1000);
  await first;
  await clock.advance(9000);
  assert.equal(await answer.get(), 1);
  assert.equal(asked(), 1);
});

test('a failure is shared for a moment, and no longer', async () => {
  const { clock, answer, fail, asked } = shared();
  fail(new Error('away'));
  await assert.rejects(answer.get(), /away/);
  fail(undefined);
  await assert.rejects(answer.get(), /away/);
  assert.equal(await answer.get({ notBeforeMs: clock.monotonicMs() + 1 }), 2);
  fail(new Error('again'));
  await clock.advance(5000);
  await assert.rejects(answer.get(), /again/);
  fail(undefined);
  await clock.advance(3100);
  assert.equal(await answer.get(), 4);
  assert.equal(asked(), 4);
});
