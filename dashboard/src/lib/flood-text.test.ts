import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floodText, uncountedText } from './flood-text.ts';

const none = { true: 0, false: 0, withdrawn: 0, missed: 0 };

test('a flood is told with what was said, how fast, and what is usual', () => {
  const flood = { person: 'eve', perMinute: 61, usual: 3, answers: { ...none, true: 4, false: 70 } };
  assert.equal(
    floodText(flood),
    'eve gave 74 answers (4 true, 70 false), up to 61 a minute; a busy minute had 3 before.',
  );
  assert.equal(
    floodText({ ...flood, usual: null, answers: none }),
    'eve gave answers, up to 61 a minute; too little is known of what is usual.',
  );
});

test('an answer that counts needs no words, each other one says why it does not', () => {
  assert.equal(uncountedText({}), null);
  const texts = (['held', 'discarded', 'no-right'] as const).map((uncounted) => uncountedText({ uncounted }));
  assert.equal(new Set(texts).size, 3);
});
