import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelsText, taughtText } from './labels-text.ts';

test('the verdicts that went in are counted by what they say', () => {
  assert.equal(labelsText({ confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 }), 'none');
  assert.equal(
    labelsText({ confirmed: ['a', 'b'], falseAlarms: ['c'], missed: [], lastVerdict: 4 }),
    '2 confirmed anomalies left out, 1 false alarm',
  );
});

test('taught patterns are told apart by how far they reach', () => {
  assert.equal(taughtText([]), 'nothing');
  assert.equal(
    taughtText([{ series: null }, { series: 'a' }, { series: 'b' }]),
    '1 pattern on every series, 2 patterns on single series',
  );
});
