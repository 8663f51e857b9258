import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToldRevisions } from './told-revisions.ts';

test('a revision is told once, and none before it', () => {
  const told = new ToldRevisions(10);
  const asked = [1, 1, 3, 2, 3, 4].map((revision) => told.take({ id: 'a', revision }));
  assert.deepEqual(asked, [true, false, true, false, false, true]);
});

test('anomalies told of longest ago are forgotten, not those told of again', () => {
  const told = new ToldRevisions(2);
  for (const [id, revision] of [
    ['a', 1],
    ['b', 1],
    ['a', 2],
    ['c', 1],
  ] as const)
    assert.equal(told.take({ id, revision }), true);
  assert.equal(told.take({ id: 'a', revision: 2 }), false);
  assert.equal(told.take({ id: 'b', revision: 1 }), true);
});
