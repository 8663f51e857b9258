import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AskableAnomaly, type AskingRequest, worthAsking } from './worth-asking.ts';

const dayMs = 86_400_000;
const nowMs = 100 * dayMs;
const answers = (word: string) =>
  [...word].map((letter, index) => ({
    person: `person ${index}`,
    verdict: letter === 't' ? ('true' as const) : ('false' as const),
  }));
const anomaly = (anomalyId: string, more: Partial<AskableAnomaly> = {}): AskableAnomaly => ({
  anomalyId,
  series: anomalyId,
  pattern: null,
  startMs: nowMs - dayMs,
  score: 0.9,
  verdicts: [],
  ...more,
});
const ask = (anomalies: readonly AskableAnomaly[], more: Partial<AskingRequest> = {}) =>
  worthAsking({
    anomalies,
    nowMs,
    person: null,
    labelled: { series: new Map(), patterns: new Map() },
    limit: 10,
    ...more,
  });
const ids = (...parameters: Parameters<typeof ask>) => ask(...parameters).map(({ anomalyId }) => anomalyId);

test('the nearer the threshold, the earlier it is asked', () => {
  assert.deepEqual(ids([anomaly('a'), anomaly('b', { score: 0.52 }), anomaly('c', { score: 0.7 })]), [
    'b',
    'c',
    'a',
  ]);
});

test('what people disagree on comes before what nobody has judged, what they agree on is not asked', () => {
  const list = [
    anomaly('a'),
    anomaly('b', { verdicts: answers('tf') }),
    anomaly('c', { verdicts: answers('tt') }),
  ];
  assert.deepEqual(ids(list), ['b', 'a']);
  assert.deepEqual(ask(list)[0]?.reasons, ['people disagree', 'no answers on b so far']);
});

test('series and patterns with few answers come first', () => {
  const list = [
    anomaly('a', { pattern: 'x' }),
    anomaly('b', { pattern: 'y' }),
    anomaly('c', { pattern: 'y' }),
  ];
  const labelled = { series: new Map([['c', 9]]), patterns: new Map([['x', 9]]) };
  assert.deepEqual(ids(list, { labelled, limit: 1 }), ['b']);
});

test('the few that are asked are different ones', () => {
  const alike = ['a', 'b', 'c'].map((id) => anomaly(id, { series: 's', pattern: 'p', score: 0.6 }));
  const other = anomaly('d', { score: 0.7 });
  assert.deepEqual(ids([...alike, other], { limit: 2 }), ['a', 'd']);
});

test('what is older than a week, or judged by the person who is asked, is left out', () => {
  const list = [
    anomaly('a', { startMs: nowMs - 8 * dayMs }),
    anomaly('b', { verdicts: answers('tf') }),
    anomaly('c'),
  ];
  assert.deepEqual(ids(list, { person: 'person 1' }), ['c']);
});

test('the order of the input does not matter, nothing is asked twice, and no more than asked for', () => {
  const some = fc.uniqueArray(
    fc.record({
      anomalyId: fc.stringMatching(/^[0-9a-f]{4}$/),
      series: fc.constantFrom('s', 't'),
      pattern: fc.constantFrom(null, 'p', 'q'),
      startMs: fc.integer({ min: nowMs - 9 * dayMs, max: nowMs }),
      score: fc.double({ min: 0.5, max: 1, noNaN: true }),
      verdicts: fc.stringMatching(/^[tf]{0,3}$/).map(answers),
    }),
    { selector: ({ anomalyId }) => anomalyId, maxLength: 30 },
  );
  fc.assert(
    fc.property(some, fc.nat({ max: 12 }), (list, limit) => {
      const asked = ids(list, { limit });
      assert.ok(asked.length <= limit && new Set(asked).size === asked.length);
      assert.deepEqual(ids(list.toReversed(), { limit }), asked);
    }),
  );
});
