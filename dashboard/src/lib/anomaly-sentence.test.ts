import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignalContribution } from '@verdict/contracts';
import { type AnomalySentence, directionOf, headlineOf, sentenceOf } from './anomaly-sentence.ts';

const latency: SignalContribution = {
  signal: 'latency_seconds',
  share: 0.7,
  value: 4.1,
  expected: 1.3,
  band: 0.1,
};
const errors: SignalContribution = { signal: 'errors', share: 0.3, value: 40, expected: 2, band: 2 };
const anomaly = {
  series: 'shop/cart',
  signals: [latency, errors],
  start: '2026-11-22T16:00:00.000Z',
  end: '2026-11-22T16:06:00.000Z',
  state: 'closed' as const,
};

/** As the page shows it. */
function sentenceText({ series, signal, rest, companions }: AnomalySentence): string {
  return `${series}${signal === null ? '' : ` ${signal}`} ${rest}${companions === null ? '' : `; ${companions}`}`;
}

test('the sentence says what was odd, against what, for how long, and what went with it', () => {
  assert.equal(
    sentenceText(sentenceOf(anomaly)),
    'shop/cart latency_seconds was 4.1 s, expected 1.2 to 1.4 s, for 6 min; errors rose with it',
  );
});

test('an open anomaly lasts so far', () => {
  assert.match(sentenceText(sentenceOf({ ...anomaly, state: 'open' })), /for 6 min so far/);
});

test('a missing value and an unknown expectation are said, not drawn as numbers', () => {
  const missing = { ...latency, value: null };
  assert.equal(
    sentenceOf({ ...anomaly, signals: [missing] }).rest,
    'had no value, expected 1.2 to 1.4 s, for 6 min',
  );
  const unknown = { ...latency, expected: null, band: null };
  assert.equal(sentenceOf({ ...anomaly, signals: [unknown] }).rest, 'was 4.1 s, for 6 min');
});

test('a value inside its band is an unusual course, not an outlier', () => {
  assert.match(
    sentenceOf({ ...anomaly, signals: [{ ...latency, value: 1.35 }] }).rest,
    /^moved unusually \(1.35 s/,
  );
});

test('a value that is exactly what was expected stood still', () => {
  assert.equal(
    sentenceOf({ ...anomaly, signals: [{ ...latency, value: 1.3 }] }).rest,
    'stood still at 1.3 s, for 6 min',
  );
});

test('small companions are left out and two with one direction share a verb', () => {
  assert.equal(sentenceOf({ ...anomaly, signals: [latency, { ...errors, share: 0.05 }] }).companions, null);
  const cpu = { ...errors, signal: 'cpu', share: 0.2 };
  assert.equal(
    sentenceOf({ ...anomaly, signals: [latency, errors, cpu] }).companions,
    'errors and cpu rose with it',
  );
  const low = { ...cpu, value: -5 };
  assert.equal(
    sentenceOf({ ...anomaly, signals: [latency, errors, low] }).companions,
    'errors rose and cpu fell with it',
  );
});

test('an anomaly of one reading, or without signals, still makes a sentence', () => {
  assert.match(sentenceText(sentenceOf({ ...anomaly, end: anomaly.start })), /for one reading/);
  assert.equal(
    sentenceText(sentenceOf({ ...anomaly, signals: [] })),
    'shop/cart was unlike normal for 6 min',
  );
});

test('the headline fits a list row', () => {
  assert.equal(headlineOf(latency), '4.1 s, expected 1.2–1.4 s');
  assert.equal(headlineOf(undefined), 'no signal named');
  assert.equal(directionOf({ ...latency, value: 0.1 }), 'below');
});
