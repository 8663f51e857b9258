import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../testing/fake-clock.ts';
import type { EventNote } from './event-recorder.ts';
import type { KubeObject } from './kube-object.ts';
import { SimilarNotes } from './similar-notes.ts';

const object = (uid: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pool',
  metadata: { name: uid, uid },
});
const note = (message: string, more: Partial<EventNote> = {}): EventNote => ({
  type: 'Normal',
  reason: 'Waiting',
  action: 'Rollout',
  message,
  ...more,
});
const pool = object('pool');

function afterTen(): { similar: SimilarNotes; clock: FakeClock } {
  const clock = new FakeClock();
  const similar = new SimilarNotes(clock);
  for (let index = 0; index < 10; index++) similar.groupOf(pool, note(`lag ${index}`));
  return { similar, clock };
}

test('nine ways to say the same are told apart, the tenth and all new ones after it together', () => {
  const similar = new SimilarNotes(new FakeClock());
  const groups = Array.from({ length: 12 }, (_, index) => similar.groupOf(pool, note(`lag ${index}`)));
  assert.deepEqual(groups.slice(0, 9), Array(9).fill(null));
  assert.equal(new Set(groups.slice(9)).size, 1);
  assert.notEqual(groups[9], null);
});

test('what was told by itself before goes on by itself', () => {
  const { similar } = afterTen();
  assert.equal(similar.groupOf(pool, note('lag 3')), null);
});

test('other reasons, other types and other objects are not like it', () => {
  const { similar } = afterTen();
  assert.equal(similar.groupOf(pool, note('lag 77', { reason: 'Paused' })), null);
  assert.equal(similar.groupOf(pool, note('lag 77', { type: 'Warning' })), null);
  assert.equal(similar.groupOf(object('other'), note('lag 77')), null);
});

test('after ten silent minutes they are told apart again, and a word in between keeps them together', async () => {
  const { similar, clock } = afterTen();
  await clock.advance(9 * 60_000);
  assert.notEqual(similar.groupOf(pool, note('lag 77')), null);
  await clock.advance(9 * 60_000);
  assert.notEqual(similar.groupOf(pool, note('lag 78')), null);
  await clock.advance(10 * 60_000 + 1);
  assert.equal(similar.groupOf(pool, note('lag 79')), null);
});

test('objects that came and went are forgotten, the noisy one is not', () => {
  const { similar } = afterTen();
  for (let index = 0; index < 10_000; index++) {
    similar.groupOf(object(`gone-${index}`), note('hello'));
    if (index % 1000 === 0) assert.notEqual(similar.groupOf(pool, note(`lag ${100 + index}`)), null);
  }
});
