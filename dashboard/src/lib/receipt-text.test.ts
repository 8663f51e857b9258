import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Receipt } from '@verdict/contracts';
import { answersOf, mayStillChange } from './receipt-text.ts';

const at = '2026-11-22T12:00:00.000Z';
const memory = { since: at, until: '2026-12-22T12:00:00.000Z' };

function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    anomalyId: '0f1e2d3c4b5a69788796a5b4',
    judgement: 'false-alarm',
    answers: { true: 0, false: 1 },
    memory,
    similar: { alarms: 0, wouldNotHaveFired: 0, ids: [] },
    confirmed: { total: 0, stillFound: 0 },
    learntBy: null,
    sentences: [],
    ...changes,
  };
}

test('a receipt is awaited until it counts the answers shown and the memory holds the false alarm', () => {
  const answers = answersOf([{ person: 'ada', verdict: 'false', reason: null, comment: null, at }]);
  assert.deepEqual(answers, { true: 0, false: 1 });
  assert.equal(mayStillChange(undefined, answers), true);
  assert.equal(mayStillChange(receipt({ answers: { true: 0, false: 0 } }), answers), true);
  assert.equal(mayStillChange(receipt({ memory: null }), answers), true);
  assert.equal(mayStillChange(receipt(), answers), false);
});
