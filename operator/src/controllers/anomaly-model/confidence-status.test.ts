import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distrust } from '../../platform/platform-views.fixture.ts';
import { confidenceStatus, driftStatus, toldConfidence } from './confidence-status.ts';

const trust = distrust(3, 41, 0);
const now = confidenceStatus(trust);
const quiet = { writtenAnyway: false, sinceMs: 1000 };

test('a confidence is told in words and in numbers to three places', () => {
  const { state, text, mean, judged, real, falseAlarms } = now;
  assert.deepEqual(
    { state, text, mean, judged, real, falseAlarms },
    { state: 'bad', text: '20 % (10-31 %)', mean: 0.2, judged: 24, real: 4, falseAlarms: 20 },
  );
  const none = { ...trust, confidence: { ...trust.confidence, judged: 0 } };
  assert.deepEqual([confidenceStatus(none).text, confidenceStatus(none).mean], ['no verdicts', undefined]);
});

test('numbers that only move are told once a minute, or together with something else', () => {
  const moved = { ...now, judged: 30, mean: 0.21 };
  assert.equal(toldConfidence(now, moved, quiet), now);
  assert.equal(toldConfidence(now, moved, { ...quiet, writtenAnyway: true }), moved);
  assert.equal(toldConfidence(now, moved, { ...quiet, sinceMs: 60_000 }), moved);
});

test('another state, another version, or twice as many verdicts are told at once', () => {
  for (const news of [{ state: 'unknown' as const }, { version: 4 }, { judged: 48 }, { judged: 12 }]) {
    const other = { ...now, ...news };
    assert.equal(toldConfidence(now, other, quiet), other);
  }
  assert.equal(toldConfidence(undefined, now, quiet), now);
});

test('the words of drift stay while verdict and signs do', () => {
  const sign = { name: 'alarm-rate' as const, value: 8.25, border: 4, active: true, text: '' };
  const watch = {
    ...trust,
    signs: [sign],
    drift: { ...trust.drift, verdict: 'watch' as const, reason: '8.25 times' },
  };
  const first = driftStatus(undefined, watch);
  assert.deepEqual(first, { verdict: 'watch', reason: '8.25 times', signs: ['alarm-rate'] });
  const later = { ...watch, drift: { ...watch.drift, reason: '8.31 times' } };
  assert.deepEqual(driftStatus(first, later), first);
  assert.equal(driftStatus(first, trust).reason, 'no sign of drift');
});
