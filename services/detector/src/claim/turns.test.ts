import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from './turns.ts';

test('one scores at a time, and whoever waits longest is next', async () => {
  const turns = new Turns();
  const order: string[] = [];
  let atOnce = 0;
  const score = async (name: string): Promise<void> => {
    const end = await turns.take();
    atOnce += 1;
    assert.equal(atOnce, 1);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(name);
    atOnce -= 1;
    end();
    end();
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(score));
  assert.deepEqual(order, ['a', 'b', 'c', 'd']);
});
