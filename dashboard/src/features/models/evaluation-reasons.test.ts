import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decisionText, evaluationReasons } from './evaluation-reasons.ts';

const reasons = ['passed: a: b', 'note: n', 'refused: c', 'plain', 'refused: d'];

test('gates are told apart from notes, and what was missed comes first', () => {
  assert.deepEqual(evaluationReasons(reasons), [
    { kind: 'refused', text: 'c' },
    { kind: 'refused', text: 'd' },
    { kind: 'passed', text: 'a: b' },
    { kind: 'note', text: 'n' },
    { kind: 'note', text: 'plain' },
  ]);
});

test('the decision in short names what was missed, or how many gates were passed', () => {
  assert.equal(decisionText({ accepted: false, reasons }), 'c; and 1 more');
  assert.equal(decisionText({ accepted: false, reasons: ['refused: c'] }), 'c');
  assert.equal(decisionText({ accepted: true, reasons: ['passed: a', 'passed: b'] }), 'passed all 2 gates');
  assert.equal(decisionText({ accepted: true, reasons: ['as before'] }), 'as before');
  assert.equal(decisionText({ accepted: true, reasons: [] }), 'accepted');
});
