import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DetectorPoolSpec } from '@verdict/contracts';
import { poolView } from './pool-view.ts';

const life = (partition: string, version: number, readings: number) => ({
  partition,
  version,
  readings,
  anomalies: 0,
  alarms: 0,
  quieted: 0,
  pValues: [],
  inputs: [],
  logResiduals: { sum: 0, count: 0 },
  errors: 0,
  sinceMs: version * 1000,
});

test('every partition of the hub is shown, claimed or not, with its lag where it is known', () => {
  const view = poolView({
    pool: {
      namespace: 'default',
      name: 'shop',
      spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }),
    },
    plan: { revision: 4, partitions: { '1': { version: 2, shadow: null, fallback: 1 } } },
    state: {
      partitions: [
        {
          partition: '1',
          holder: 'd1',
          epoch: 7,
          version: 2,
          shadow: 1,
          checkpoint: 90,
          readings: 5,
          duplicates: 1,
          address: 'http://x',
        },
      ],
      members: [{ holder: 'd1', address: 'http://x', seenAtMs: 0 }],
    },
    newest: new Map([
      ['0', -1],
      ['1', 100],
      ['10', 5],
    ]),
    lives: [life('1', 1, 20), life('1', 2, 70)],
    shadows: [
      {
        partition: '1',
        version: 2,
        shadow: 1,
        readings: 60,
        disagreements: 3,
        scoreDifference: 1.5,
        served: { anomalies: 1, alarms: 2, quieted: 0 },
        would: { anomalies: 0, alarms: 1, quieted: 4 },
        errors: 1,
        drops: 0,
        trouble: 'it threw',
        sinceMs: 0,
      },
    ],
    rollout: { revision: 0, state: null, baseline: null, events: [], commands: [] },
  });
  assert.deepEqual(
    view.partitions.map(({ partition, holder, planned, lagEvents }) => [
      partition,
      holder,
      planned.version,
      lagEvents,
    ]),
    [
      ['0', null, 0, 0],
      ['1', 'd1', 2, 10],
      ['10', null, 0, 6],
    ],
  );
  assert.deepEqual(
    view.partitions[1]?.figures.map(({ version, readings, since }) => [version, readings, since]),
    [
      [1, 20, '1970-01-01T00:00:01.000Z'],
      [2, 70, '1970-01-01T00:00:02.000Z'],
    ],
  );
  assert.deepEqual(view.partitions[0]?.figures, []);
});
