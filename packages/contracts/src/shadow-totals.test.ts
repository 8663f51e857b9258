import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shadowsOfInterest, shadowTotals } from './shadow-totals.ts';
import type { ShadowFigures } from './version-figures.ts';

function figures(version: number, shadow: number, more: Partial<ShadowFigures> = {}): ShadowFigures {
  return {
    version,
    shadow,
    readings: 10,
    disagreements: 2,
    scoreDifference: 0.5,
    served: { anomalies: 1, alarms: 2, quieted: 3 },
    would: { anomalies: 4, alarms: 5, quieted: 6 },
    errors: 1,
    drops: 2,
    trouble: null,
    since: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

const partitions = [
  { version: 1, shadow: 2, shadows: [figures(1, 2, { trouble: 'it threw' }), figures(0, 1)] },
  { version: 2, shadow: 1, shadows: [figures(1, 2), figures(2, 1)] },
];

test('what shadows did is summed over the partitions, each pair of versions by itself', () => {
  const [first, second, third] = shadowTotals(partitions);
  assert.deepEqual(second, {
    version: 1,
    shadow: 2,
    readings: 20,
    disagreements: 4,
    scoreDifference: 1,
    served: { anomalies: 2, alarms: 4, quieted: 6 },
    would: { anomalies: 8, alarms: 10, quieted: 12 },
    errors: 2,
    drops: 4,
    trouble: 'it threw',
    partitions: 1,
  });
  assert.deepEqual([first?.version, third?.version], [0, 2]);
});

test('of interest is what is scored just now, and what the candidate was compared in', () => {
  const pairs = (candidate: number | null, known = partitions) =>
    shadowsOfInterest(shadowTotals(known), candidate).map(({ version, shadow }) => [version, shadow]);
  assert.deepEqual(pairs(null), [
    [1, 2],
    [2, 1],
  ]);
  const idle = partitions.map((one) => ({ ...one, shadow: -1 }));
  assert.deepEqual(pairs(null, idle), []);
  assert.deepEqual(pairs(0, idle), [[0, 1]]);
});
