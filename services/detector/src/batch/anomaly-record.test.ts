import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostPatterns } from '@verdict/contracts';
import { mostKinds } from '@verdict/detection';
import { anomalyId, anomalyRecord } from './anomaly-record.ts';

const change = {
  kind: 'opened',
  series: 'shop/cart',
  startTime: 1_700_000_000_000,
  endTime: 1_700_000_001_000,
  peakTime: 1_700_000_000_500,
  peakScore: 0.9,
  revision: 1,
  openedBy: 3,
  signals: [{ signal: 'cpu', share: 1, value: 5, expected: Number.NaN, band: Number.NaN }],
  patterns: [{ cpu: 9 }],
} as const;

test('the id depends on pool, series and start alone', () => {
  const id = anomalyId('default/shop', 'shop/cart', 1_700_000_000_000);
  // printf 'default/shop\nshop/cart\n1700000000000' | sha256sum
  assert.equal(id, 'f36064e2acfd80581f27ae8b');
  assert.equal(anomalyRecord('default/shop', change).id, id);
  assert.equal(anomalyRecord('default/shop', { ...change, kind: 'closed', peakScore: 1 }).id, id);
  assert.notEqual(anomalyId('default/other', 'shop/cart', 1_700_000_000_000), id);
  assert.notEqual(anomalyId('default/shop', 'shop/cart', 1_700_000_000_001), id);
});

test('numbers that the engine does not know become null', () => {
  const record = anomalyRecord('default/shop', change);
  assert.deepEqual(record.signals, [{ signal: 'cpu', share: 1, value: 5, expected: null, band: null }]);
  assert.equal(record.state, 'open');
  assert.equal(anomalyRecord('default/shop', { ...change, kind: 'closed' }).state, 'closed');
});

test('the engine keeps as many kinds of alarming readings as an anomaly may have', () => {
  assert.equal(mostKinds, mostPatterns);
});
