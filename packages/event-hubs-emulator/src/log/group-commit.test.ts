import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupCommit } from './group-commit.ts';

test('what arrives during a commit shares the next one, in order, and one at a time', async () => {
  const groups: number[][] = [];
  let running = 0;
  const commits = new GroupCommit<number, number>(async (items) => {
    running += 1;
    assert.equal(running, 1);
    groups.push(items);
    await new Promise(setImmediate);
    running -= 1;
    return items.map((item) => item * 10);
  }, 4);
  const first = commits.submit(1);
  await Promise.resolve();
  await Promise.resolve();
  const rest = [2, 3, 4, 5, 6].map((item) => commits.submit(item));
  assert.deepEqual(await Promise.all([first, ...rest]), [10, 20, 30, 40, 50, 60]);
  assert.deepEqual(groups, [[1], [2, 3, 4, 5], [6]]);
});

test('a failed commit fails its own items only', async () => {
  let attempts = 0;
  const commits = new GroupCommit<string, string>(async (items) => {
    attempts += 1;
    if (attempts === 1) throw new Error('full');
    return items;
  });
  await assert.rejects(Promise.all([commits.submit('a'), commits.submit('b')]), /full/);
  assert.equal(await commits.submit('c'), 'c');
  await commits.idle();
});
