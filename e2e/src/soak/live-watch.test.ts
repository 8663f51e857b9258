import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Anomaly } from '@verdict/contracts';
import { LiveWatch } from './live-watch.ts';

const message = (id: string, revision: number) => ({ id, revision }) as Anomaly;

test('as many messages as an anomaly has revisions are no duplicates', () => {
  const watch = new LiveWatch(() => 0);
  // The first message was folded with the second one, and held the newest state already.
  watch.onMessage(message('a', 2));
  watch.onMessage(message('a', 2));
  assert.equal(watch.duplicates(), 0);
});

test('a revision that is told once more is a duplicate', () => {
  const watch = new LiveWatch(() => 0);
  watch.onMessage(message('a', 1));
  watch.onMessage(message('a', 1));
  assert.equal(watch.duplicates(), 1);
});

test('what is told again because of a gap is excused when the gap is told soon', () => {
  let nowMs = 0;
  const watch = new LiveWatch(() => nowMs);
  watch.onMessage(message('a', 1));
  watch.onMessage(message('a', 1));
  nowMs = 1000;
  watch.onGap();
  watch.onMessage(message('a', 1));
  assert.equal(watch.duplicates(), 0);
});

test('a gap long after does not excuse', () => {
  let nowMs = 0;
  const watch = new LiveWatch(() => nowMs);
  watch.onMessage(message('a', 1));
  watch.onMessage(message('a', 1));
  nowMs = 60_000;
  watch.onGap();
  assert.equal(watch.duplicates(), 1);
});

test('a revision older than one before is out of order', () => {
  const watch = new LiveWatch(() => 0);
  watch.onMessage(message('a', 2));
  watch.onMessage(message('a', 1));
  assert.equal(watch.outOfOrder, 1);
});
