import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Anomaly, Receipt } from '@verdict/contracts';
import { answersOf, mayStillChange, shareText, similarLinks } from './receipt-text.ts';

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
  const answers = answersOf([{ verdict: 'false' }]);
  assert.deepEqual(answers, { true: 0, false: 1 });
  assert.equal(mayStillChange(undefined, answers), true);
  assert.equal(mayStillChange(receipt({ answers: { true: 0, false: 0 } }), answers), true);
  assert.equal(mayStillChange(receipt({ memory: null }), answers), true);
  assert.equal(mayStillChange(receipt(), answers), false);
});

test('contradicting verdicts are said as their share, agreeing ones are not', () => {
  assert.equal(shareText({ true: 1, false: 2 }), '2 of 3 say false');
  assert.equal(shareText({ true: 3, false: 1 }), '3 of 4 say true');
  assert.equal(shareText({ true: 1, false: 1 }), '1 of 2 say each');
  assert.equal(shareText({ true: 0, false: 2 }), null);
  assert.equal(shareText({ true: 0, false: 0 }), null);
});

test('similar anomalies are linked with their time where it is known, never the anomaly itself', () => {
  const known = [{ id: 'b', start: at }] as Anomaly[];
  const similar = { alarms: 3, wouldNotHaveFired: 2, ids: ['a', 'b', 'c'] };
  assert.deepEqual(similarLinks(receipt({ anomalyId: 'a', similar }), known), [
    { id: 'b', start: at },
    { id: 'c', start: null },
  ]);
});
