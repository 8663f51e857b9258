import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal, quantile } from './journal.ts';

const at = { version: 1, overlay: 0, shadow: null };
const commit = (epoch: number, before: number, checkpoint: number, more: object = {}) => ({
  kind: 'committed' as const,
  ...{ partition: '0', epoch, before, checkpoint, atMs: checkpoint * 100, ...at },
  ...more,
});
const one = { name: 'detector-0', pid: 1 };
const other = { name: 'detector-1', pid: 2 };

test('a takeover lasts from the last commit of the old owner to the first of the new one', () => {
  const journal = new Journal();
  journal.note(commit(1, -1, 4), one);
  journal.note(commit(1, 4, 6), one);
  journal.note(commit(2, 6, 20), other);
  journal.note(commit(2, 20, 21), other);
  assert.deepEqual(journal.takeovers, [
    { partition: '0', from: 'detector-0', fromPid: 1, atMs: 2000, tookMs: 1400 },
  ]);
});

test('a commit with an older epoch than the newest is a zombie’s', () => {
  const journal = new Journal();
  journal.note(commit(1, -1, 4), one);
  journal.note(commit(2, 4, 6), other);
  journal.note(commit(1, 4, 7), one);
  assert.equal(journal.zombieCommits, 1);
});

test('a commit that is told late is nobody’s fault: the owner after it has found it', () => {
  const journal = new Journal();
  const loaded = (epoch: number, checkpoint: number) =>
    journal.note({ kind: 'loaded', partition: '0', epoch, checkpoint, versions: [], atMs: 0 }, other);
  journal.note(commit(1, -1, 4), one);
  loaded(2, 6);
  journal.note(commit(2, 6, 9), other);
  loaded(3, 9);
  journal.note(commit(1, 4, 6), one);
  assert.equal(journal.zombieCommits, 0);
  journal.note(commit(1, 6, 7), one);
  assert.equal(journal.zombieCommits, 1);
});

test('events that are handed out again are counted as redelivered', () => {
  const journal = new Journal();
  const read = (first: number, last: number) =>
    journal.note({ kind: 'read', partition: '0', epoch: 1, first, last }, one);
  read(0, 9);
  read(10, 12);
  assert.equal(journal.redelivered, 0);
  read(11, 14);
  assert.equal(journal.redelivered, 2);
  read(0, 3);
  assert.equal(journal.redelivered, 6);
});

test('spans begin behind the commit before, and neighbours differ', () => {
  const journal = new Journal();
  journal.note(commit(1, -1, 4), one);
  journal.note(commit(1, 4, 6), one);
  journal.note(commit(1, 6, 6, { version: 2 }), one);
  journal.note(commit(1, 6, 9, { version: 2 }), one);
  assert.deepEqual(journal.spans('0'), [
    { fromSequence: 0, ...at },
    { fromSequence: 7, ...at, version: 2 },
  ]);
});

test('what a killed process committed and could not tell is known from the next one', () => {
  const journal = new Journal();
  journal.note(commit(1, -1, 4), one);
  journal.note(
    {
      ...{ kind: 'loaded', partition: '0', epoch: 2, checkpoint: 9, atMs: 0 },
      versions: [
        { fromSequence: 0, ...at },
        { fromSequence: 5, ...at, overlay: 1 },
      ],
    },
    other,
  );
  journal.note(commit(2, 9, 10, { overlay: 1 }), other);
  assert.deepEqual(
    journal.spans('0').map(({ fromSequence, overlay }) => [fromSequence, overlay]),
    [
      [0, 0],
      [5, 1],
    ],
  );
});

test('a change that is taken back before any event is noted: the version in force has come from another one', () => {
  const journal = new Journal();
  journal.note(commit(1, -1, 4), one);
  journal.note(commit(1, 4, 4, { version: 2 }), one);
  journal.note(commit(1, 4, 4), one);
  journal.note(commit(1, 4, 8), one);
  const versions = [{ fromSequence: 5, ...at }];
  const found = { kind: 'loaded', partition: '0', epoch: 2, checkpoint: 8, versions, atMs: 0 } as const;
  journal.note(found, other);
  assert.deepEqual(journal.spans('0'), [
    { fromSequence: 0, ...at },
    { fromSequence: 5, ...at, version: 2 },
    { fromSequence: 5, ...at },
  ]);
});

test('a quantile is one of the values', () => {
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([3, 1, 2], 0.99), 3);
});
