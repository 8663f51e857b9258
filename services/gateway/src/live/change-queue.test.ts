import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChangeQueue } from './change-queue.ts';

const anomaly = (revision: number, kind: 'opened' | 'updated' | 'closed', id = 'a') =>
  ({ topic: 'anomaly', id, revision, kind }) as const;

test('changes of one anomaly are folded: the newest revision, and an opening is not lost', () => {
  const queue = new ChangeQueue(100);
  queue.add(anomaly(1, 'opened'));
  queue.add(anomaly(3, 'updated'));
  queue.add(anomaly(2, 'updated'));
  assert.deepEqual(queue.take().anomalies.get('a'), { revision: 3, kind: 'opened' });
  queue.add(anomaly(4, 'closed'));
  assert.deepEqual(queue.take().anomalies.get('a'), { revision: 4, kind: 'closed' });
  assert.equal(queue.empty, true);
});

test('trust in one model is told once, however often it was found out meanwhile', () => {
  const queue = new ChangeQueue(3);
  for (let look = 0; look < 100; look++)
    queue.add({ topic: 'trust', namespace: 'default', name: look % 2 === 0 ? 'shop' : 'host' });
  assert.equal(queue.empty, false);
  const pending = queue.take();
  assert.deepEqual([pending.trust.map(({ name }) => name), pending.gap], [['shop', 'host'], false]);
  assert.deepEqual([queue.take().trust, queue.empty], [[], true]);
});

test('beyond its limit it only remembers that everything must be told', () => {
  const queue = new ChangeQueue(3);
  for (let index = 0; index < 4; index++) queue.add(anomaly(1, 'opened', String(index)));
  const pending = queue.take();
  assert.equal(pending.gap, true);
  assert.equal(pending.anomalies.size, 0);
});
