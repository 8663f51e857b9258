import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShadowTotals } from '@verdict/contracts';
import { shadowText } from './shadow-text.ts';

const totals: ShadowTotals = {
  version: 1,
  shadow: 2,
  readings: 4000,
  disagreements: 30,
  scoreDifference: 200,
  served: { anomalies: 2, alarms: 12, quieted: 3 },
  would: { anomalies: 8, alarms: 40, quieted: 0 },
  errors: 0,
  drops: 0,
  trouble: null,
  partitions: 8,
};

test('a shadow is told of by what it judges differently and what people would have been told', () => {
  assert.equal(
    shadowText(totals),
    'shadow: version 2 beside version 1, 30 of 4,000 readings judged differently, 2 vs 0.5 would-be anomalies per 1,000',
  );
});

test('a shadow that was let go says why, also when it has scored nothing yet', () => {
  const troubled = { errors: 1, drops: 2, trouble: 'it takes too long' };
  assert.match(shadowText({ ...totals, ...troubled }), /; let go 3 times, last because it takes too long$/);
  assert.equal(
    shadowText({ ...totals, version: 0, readings: 0, errors: 1, trouble: 'bad net' }),
    'shadow: version 2 beside the built-in version, no reading yet; let go once, last because bad net',
  );
});
