import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrustPoint } from '@verdict/contracts';
import { stateChanges, trustRows, versionChanges } from './trust-rows.ts';

const point = (seconds: number, more: Partial<TrustPoint> = {}): TrustPoint => ({
  at: new Date(seconds * 1000).toISOString(),
  version: 1,
  state: 'unknown',
  mean: 0.5,
  low: 0.1,
  high: 0.9,
  judged: 0,
  precision: null,
  recall: null,
  labelCoverage: null,
  ...more,
});

test('what held before the bounds and what holds at their end is drawn', () => {
  const rows = trustRows([point(1, { mean: 0.2 }), point(20, { mean: 0.6 }), point(90)], {
    fromMs: 10_000,
    toMs: 30_000,
  });
  assert.deepEqual(
    rows.map(({ timeMs, mean }) => [timeMs, mean]),
    [
      [10_000, 0.2],
      [20_000, 0.6],
      [30_000, 0.6],
    ],
  );
  assert.deepEqual(trustRows([], { fromMs: 0, toMs: 1 }), []);
});

test('changes of version and of state are found', () => {
  const rows = trustRows(
    [point(1), point(2, { version: 2 }), point(3, { version: 2, state: 'bad' }), point(4, { version: 2 })],
    { fromMs: 0, toMs: 4000 },
  );
  assert.deepEqual(
    versionChanges(rows).map(({ timeMs }) => timeMs),
    [2000],
  );
  assert.deepEqual(
    stateChanges(rows).map(({ state }) => state),
    ['unknown', 'bad', 'unknown'],
  );
});
