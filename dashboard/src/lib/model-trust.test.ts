import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelTrust } from '@verdict/contracts';
import { withTrust } from './model-trust.ts';

function trust(at: string, changes: Partial<ModelTrust> = {}): ModelTrust {
  return {
    at,
    version: 2,
    confidence: { state: 'good', mean: 0.9, low: 0.7, high: 1, tp: 9, fp: 1, judged: 10, contested: 0 },
    signs: [],
    drift: { verdict: 'calm', reason: 'no sign', window: 1 },
    quality: {
      precision: null,
      recall: null,
      labelCoverage: 0.5,
      anomalies: 20,
      judged: 10,
      tp: 9,
      fp: 1,
      missed: 0,
    },
    verdicts: [],
    versions: {},
    ...changes,
  };
}

const early = trust('2026-11-22T12:00:00.000Z');
const models = [
  { namespace: 'default', name: 'shop', trust: early },
  { namespace: 'default', name: 'bank', trust: null },
];
const told = (name: string, given: ModelTrust) => ({ namespace: 'default', name, trust: given });

test('a first trust and one with other figures are notable, a later look at the same is not', () => {
  assert.equal(withTrust(models, told('bank', early)).notable, true);
  const later = trust('2026-11-22T12:00:10.000Z');
  const same = withTrust(models, told('shop', later));
  assert.deepEqual([same.models[0]?.trust, same.notable], [later, false]);
  const worse = trust('2026-11-22T12:00:10.000Z', { confidence: { ...early.confidence, state: 'bad' } });
  assert.equal(withTrust(models, told('shop', worse)).notable, true);
});

test('older news and news of a model that is not listed leave the list as it is', () => {
  assert.equal(withTrust(models, told('shop', trust('2026-11-22T11:59:00.000Z'))).models, models);
  assert.equal(withTrust(models, told('other', early)).models, models);
});
