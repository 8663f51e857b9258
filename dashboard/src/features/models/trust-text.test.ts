import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Confidence, ModelTrust } from '@verdict/contracts';
import { intervalText, precisionText, trustSentence, trustWord, windowText } from './trust-text.ts';

const asked = { minimumVerdicts: 10, targetPrecision: 0.5 };
const confidence = (more: Partial<Confidence> = {}): Confidence => ({
  state: 'unknown',
  mean: 0.5,
  low: 0.2,
  high: 0.8,
  tp: 0,
  fp: 0,
  judged: 0,
  contested: 0,
  ...more,
});
const trust = (more: Partial<Confidence> = {}): ModelTrust => ({
  at: '2026-11-22T20:00:00.000Z',
  version: 2,
  confidence: confidence(more),
  signs: [],
  drift: { verdict: 'calm', reason: 'no sign of drift', window: 1 },
  quality: {
    precision: null,
    recall: null,
    labelCoverage: null,
    anomalies: 0,
    judged: 0,
    tp: 0,
    fp: 0,
    missed: 0,
  },
  verdicts: [],
  versions: {},
});

test('each state has its word, and few answers another than undecided ones', () => {
  assert.equal(trustWord(null, asked), 'not looked at yet');
  assert.equal(trustWord(confidence({ state: 'good' }), asked), 'trusted');
  assert.equal(trustWord(confidence({ state: 'bad' }), asked), 'no longer trusted');
  assert.equal(trustWord(confidence({ judged: 9 }), asked), 'not enough answers');
  assert.equal(trustWord(confidence({ judged: 10 }), asked), 'answers do not decide yet');
});

test('without enough answers the sentence says how many are missing', () => {
  assert.equal(
    trustSentence(trust(), asked),
    'Nobody has judged an anomaly of version 2 yet: 10 more are needed until confidence says anything.',
  );
  assert.match(trustSentence(trust({ judged: 9 }), asked), /^9 of 10 answers .*: 1 more is needed/);
  assert.match(trustSentence(trust({ judged: 12 }), asked), /^Between 20 % and 80 %/);
});

test('a trusted and a distrusted version name the certain end of the interval', () => {
  assert.match(trustSentence(trust({ state: 'good', low: 0.62 }), asked), /^At least 62 % .* 50 % are asked/);
  assert.match(trustSentence(trust({ state: 'bad', high: 0.38 }), asked), /^At most 38 %/);
});

test('precision is told with the number of answers behind it', () => {
  assert.equal(precisionText({ trust: null }), 'nobody has answered yet');
  assert.equal(precisionText({ trust: trust() }), 'nobody has answered yet');
  const known = trust();
  known.quality.precision = { mean: 0.75, low: 0.5, high: 0.9 };
  known.quality.judged = 8;
  assert.equal(precisionText({ trust: known }), '75 % of 8 answered were real');
  assert.equal(intervalText({ low: 0.5, high: 0.9 }), '50 % to 90 %, each end 95 % certain');
  assert.equal(windowText({ window: '30d' }), 'the last 30 d');
});
