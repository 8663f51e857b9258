import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FeedbackSpec, ModelTrust } from '@verdict/contracts';
import { answers, labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { modelTrust, type TrustFacts } from './model-trust.ts';
import { isPointDue, isWorthTelling, pointOf } from './trust-point.ts';

const nowMs = 1_700_000_000_000;
const dayMs = 86_400_000;
const facts: TrustFacts = {
  nowMs,
  champion: 1,
  spec: FeedbackSpec.parse({}),
  anomalies: [],
  reports: [],
  signs: [],
  window: 3,
  verdicts: [],
};
/** Judged anomalies an hour apart, the newest an hour ago. */
const judged = (texts: string[], version = 1) =>
  texts.map((text, index) =>
    labelledAnomaly(`v${version}-${index}`, {
      version,
      startMs: nowMs - (index + 1) * 3_600_000,
      verdicts: answers(text),
    }),
  );

test('the champion is bad when people call its alarms false, whatever they say of other versions', () => {
  const anomalies = [
    ...judged(new Array<string>(12).fill('f')),
    ...judged(new Array<string>(12).fill('t'), 2),
  ];
  const trust = ModelTrust.parse(
    modelTrust({ ...facts, anomalies, verdicts: [{ sequence: 9, atMs: nowMs }] }),
  );
  assert.deepEqual([trust.version, trust.confidence.state], [1, 'bad']);
  assert.deepEqual(
    Object.entries(trust.versions).map(([version, { state }]) => [version, state]),
    [
      ['1', 'bad'],
      ['2', 'good'],
    ],
  );
  assert.deepEqual(trust.verdicts, [{ sequence: 9, at: new Date(nowMs).toISOString() }]);
  assert.deepEqual([trust.quality.tp, trust.quality.fp, trust.quality.labelCoverage], [12, 12, 1]);
});

test('people who disagree count as their share and are told of', () => {
  const { confidence, quality } = modelTrust({ ...facts, anomalies: judged(['tf', 'tf', 't']) });
  assert.deepEqual([confidence.contested, confidence.judged, quality.tp], [2, 3, 2]);
});

test('an event that people reported lowers recall unless an anomaly covers it', () => {
  const anomalies = judged(['t', 't']);
  const report = (series: string, agoMs: number) => ({
    series,
    fromMs: nowMs - agoMs,
    toMs: nowMs - agoMs + 1000,
  });
  const recall = (...reports: TrustFacts['reports'][number][]) => {
    const { missed, recall: share } = modelTrust({ ...facts, anomalies, reports }).quality;
    return [missed, share?.mean];
  };
  const found = recall(report('shop/cart', 3_600_000));
  assert.deepEqual(found, recall());
  const [missed, mean] = recall(
    report('shop/cart', 10_000),
    report('shop/cart', 9_500),
    report('shop/pay', 9_000),
  );
  assert.equal(missed, 2);
  assert.ok(Number(mean) < Number(found[1]));
  assert.deepEqual(recall(report('shop/cart', 40 * dayMs)), found);
});

test('what lies before the window of the policy counts for nothing', () => {
  const old = labelledAnomaly('old', { startMs: nowMs - 31 * dayMs, verdicts: answers('f') });
  const { confidence, quality } = modelTrust({ ...facts, anomalies: [old] });
  assert.deepEqual([confidence.judged, quality.judged, quality.labelCoverage], [0, 0, null]);
});

test('the history gets a point when a figure changed as people read it, and every minute', () => {
  const anomalies = judged(new Array<string>(30).fill('t'));
  const before = modelTrust({ ...facts, anomalies });
  const at = (afterMs: number, list = anomalies) =>
    modelTrust({ ...facts, nowMs: nowMs + afterMs, anomalies: list });
  assert.equal(isPointDue(null, before, 0), true);
  assert.equal(isPointDue(before, at(2000), nowMs), false);
  assert.equal(isPointDue(before, at(60_000), nowMs), true);
  assert.equal(isPointDue(before, at(2000, [...anomalies, ...judged(['f'], 7)]), nowMs), true);
  assert.deepEqual([pointOf(before).judged, pointOf(before).recall !== null], [30, true]);
});

test('what nobody could see is not told', () => {
  const sign = { name: 'drift', value: 0.01, border: 0.1, active: false, text: '' } as const;
  const before = modelTrust({ ...facts, signs: [sign] });
  const after = (signs: TrustFacts['signs']) =>
    modelTrust({ ...facts, nowMs: nowMs + 2000, window: 4, signs });
  assert.equal(isWorthTelling(null, before), true);
  assert.equal(isWorthTelling(before, after([{ ...sign, value: 0.02, text: 'more' }])), false);
  assert.equal(isWorthTelling(before, after([{ ...sign, value: 0.2, active: true }])), true);
});
