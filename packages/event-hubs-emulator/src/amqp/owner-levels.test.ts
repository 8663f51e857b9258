import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnerLevels } from './owner-levels.ts';

function contest() {
  const levels = new OwnerLevels();
  const gone: string[] = [];
  const enter = (id: string, epoch?: number, place = 'data/group/0') =>
    levels.enter(place, { id, epoch, disconnect: () => gone.push(id) });
  return { enter, gone };
}

test('an equal or higher level takes a place, a lower one does not', () => {
  const { enter, gone } = contest();
  enter('first', 3);
  assert.throws(() => enter('lower', 2), /Receiver 'first' with a higher epoch '3' already exists/);
  enter('equal', 3);
  enter('higher', 4);
  assert.deepEqual(gone, ['first', 'equal']);
  enter('elsewhere', 0, 'data/group/1');
  assert.deepEqual(gone, ['first', 'equal']);
});

test('a level is forgotten with its holder, but not when the holder was pushed out', () => {
  const { enter } = contest();
  const leaveFirst = enter('first', 5);
  const leaveSecond = enter('second', 6);
  leaveFirst();
  assert.throws(() => enter('lower', 5), /higher epoch '6'/);
  leaveSecond();
  enter('zero', 0);
});

test('readers without a level give way to one with a level, and are at most five', () => {
  const { enter, gone } = contest();
  const leaves = ['a', 'b', 'c', 'd', 'e'].map((id) => enter(id));
  assert.throws(() => enter('f'), /maximum number of allowed receivers per partition .* is 5/);
  leaves[0]?.();
  enter('f');
  const leave = enter('owner', 0);
  assert.deepEqual(gone, ['b', 'c', 'd', 'e', 'f']);
  assert.throws(() => enter('g'), /non-epoch receiver is not allowed/);
  leave();
  enter('g');
});
