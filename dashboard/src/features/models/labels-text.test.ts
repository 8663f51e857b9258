import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsText, taughtText } from './labels-text.ts';

test('the verdicts that went in are counted by what they say', () => {
  assert.equal(labelsText({ confirmed: 0, falseAlarms: 0, missed: 0, lastVerdict: 0 }), 'none');
  assert.equal(
    labelsText({ confirmed: 2, falseAlarms: 1, missed: 0, lastVerdict: 4 }),
    '2 confirmed anomalies left out, 1 false alarm',
  );
});

test('taught patterns are told apart by how far they reach', () => {
  assert.equal(taughtText({ everywhere: 0, single: 0 }), 'nothing');
  assert.equal(
    taughtText({ everywhere: 1, single: 2 }),
    '1 pattern on every series, 2 patterns on single series',
  );
});
