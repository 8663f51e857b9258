import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CurrentVerdict } from '@verdict/contracts';
import { nextQuestion, whyNothingToAsk } from './worth-text.ts';

const nowMs = Date.parse('2026-11-22T12:00:00.000Z');
const hoursAgo = (hours: number) => new Date(nowMs - hours * 3_600_000).toISOString();
const said = (person: string, verdict: 'true' | 'false'): CurrentVerdict => ({
  person,
  verdict,
  reason: null,
  comment: null,
  at: hoursAgo(1),
});
const me = { person: 'ada', nowMs };

test('an empty queue says that nothing was found, who settled everything, or that questions are on their way', () => {
  const old = { start: hoursAgo(200), verdicts: [] };
  assert.match(whyNothingToAsk([old], me), /Nothing odd was found/);
  const mine = { start: hoursAgo(2), verdicts: [said('ada', 'true')] };
  const theirs = { start: hoursAgo(3), verdicts: [said('bob', 'false'), said('eve', 'false')] };
  assert.equal(
    whyNothingToAsk([mine, theirs, old], me),
    'All 2 anomalies of the last 7 days are settled: you answered 1 of them, people agree on the other 1.',
  );
  assert.match(whyNothingToAsk([mine], me), /The one anomaly.*you answered it/);
  const disputed = { start: hoursAgo(3), verdicts: [said('bob', 'false'), said('eve', 'true')] };
  assert.match(whyNothingToAsk([mine, disputed], me), /being chosen/);
});

test('after an answer the next open question below follows, then the first one, then none', () => {
  const open = () => false;
  assert.equal(nextQuestion(['a', 'b', 'c'], 'a', open), 'b');
  assert.equal(nextQuestion(['a', 'b', 'c'], 'c', open), 'a');
  assert.equal(
    nextQuestion(['a', 'b', 'c'], 'a', (id) => id === 'b'),
    'c',
  );
  assert.equal(nextQuestion(['a'], 'a', open), null);
  assert.equal(nextQuestion(['b', 'c'], 'gone', open), 'b');
});
