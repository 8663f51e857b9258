import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolView } from './pool-view.ts';

test('every partition of the hub is shown, claimed or not, with its lag where it is known', () => {
  const view = poolView({
    pool: { namespace: 'default', name: 'shop', spec: { model: 'shop', consumerGroup: 'shop', replicas: 1 } },
    plan: { revision: 4, partitions: { '1': { version: 2, shadow: null, fallback: 1 } } },
    state: {
      partitions: [
        {
          partition: '1',
          holder: 'd1',
          epoch: 7,
          version: 2,
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
});
