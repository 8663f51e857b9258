import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atOnce, inSlices, type Sliced } from './sliced.ts';

function* steps(count: number, kind: 'step' | 'long step'): Sliced<number> {
  let sum = 0;
  for (let at = 1; at <= count; at += 1) {
    sum += at;
    yield kind;
  }
  return sum;
}

/** How often others were let go on, by a clock that goes on so much with each look, until the work was done. */
async function pauses(work: Sliced<number>, msPerLook: number): Promise<number> {
  let heard = 0;
  let done = false;
  const others = (): void => {
    if (done) return;
    heard += 1;
    setImmediate(others);
  };
  setImmediate(others);
  let nowMs = 0;
  const clock = {
    monotonicMs: () => {
      nowMs += msPerLook;
      return nowMs;
    },
  };
  assert.equal(await inSlices(work, clock), 50_005_000);
  done = true;
  return heard;
}

test('others go on after every slice of work, and after every long step', async () => {
  // A look for every 100 steps, and a slice of 50 ms.
  assert.equal(await pauses(steps(10_000, 'step'), 0), 0);
  assert.equal(await pauses(steps(10_000, 'step'), 10), 16);
  assert.equal(await pauses(steps(10_000, 'step'), 50), 50);
  assert.equal(await pauses(steps(10_000, 'long step'), 0), 10_000);
});

test('work that is done at once comes to the same', () => {
  assert.equal(atOnce(steps(4, 'step')), 10);
});
