import assert from 'node:assert/strict';
import { test } from 'node:test';
import { perThousand, versionTotals } from './version-totals.ts';

const figures = (version: number, readings: number) => ({
  version,
  readings,
  anomalies: 1,
  alarms: 2,
  quieted: 3,
  errors: 4,
  since: '2026-11-22T20:00:00.000Z',
});

test('what a version did is summed over the partitions, newest first', () => {
  const totals = versionTotals([
    { figures: [figures(0, 10), figures(2, 5)] },
    { figures: [figures(0, 20)] },
    { figures: [] },
  ]);
  assert.deepEqual(totals, [
    { version: 2, readings: 5, anomalies: 1, alarms: 2, quieted: 3, errors: 4, partitions: 1 },
    { version: 0, readings: 30, anomalies: 2, alarms: 4, quieted: 6, errors: 8, partitions: 2 },
  ]);
});

test('there is no rate without readings', () => {
  assert.equal(perThousand(3, 0), null);
  assert.equal(perThousand(3, 1500), 2);
});
