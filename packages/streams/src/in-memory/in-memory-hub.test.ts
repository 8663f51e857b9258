import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testEventStream } from '../event-stream.contract.ts';
import { StreamUnavailable } from '../event-stream.ts';
import { InMemoryHub } from './in-memory-hub.ts';

testEventStream('the hub in memory', async () => {
  const hub = new InMemoryHub({ partitionCount: 4 });
  return { source: () => hub.source(), sink: () => hub.sink(), stop: async () => {} };
});

const start = { consumerGroup: 'a', partition: '0', start: 'earliest', ownerLevel: 1 } as const;

test('a full partition forgets its oldest events', async () => {
  const hub = new InMemoryHub({ partitionCount: 1, eventsPerPartition: 2 });
  await hub.sink().send('0', [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]);
  assert.deepEqual(await hub.source().extent('0'), { firstSequence: 1, lastSequence: 2 });
  const reader = await hub.source().open(start);
  const events = await reader.read({ maxEvents: 10, maxWaitMs: 10 });
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    [1, 2],
  );
});

test('consumer groups read independently of each other', async () => {
  const hub = new InMemoryHub({ partitionCount: 1 });
  await hub.sink().send('0', [Uint8Array.of(1)]);
  const one = await hub.source().open(start);
  const other = await hub.source().open({ ...start, consumerGroup: 'b' });
  assert.equal((await one.read({ maxEvents: 10, maxWaitMs: 10 })).length, 1);
  assert.equal((await other.read({ maxEvents: 10, maxWaitMs: 10 })).length, 1);
});

test('an outage ends readers and refuses everything until it is over', async () => {
  const hub = new InMemoryHub({ partitionCount: 1 });
  const reader = await hub.source().open(start);
  const waiting = assert.rejects(reader.read({ maxEvents: 1, maxWaitMs: 20_000 }), StreamUnavailable);
  hub.setAvailable(false);
  await waiting;
  await assert.rejects(hub.source().open(start), StreamUnavailable);
  await assert.rejects(hub.sink().send('0', [Uint8Array.of(1)]), StreamUnavailable);
  hub.setAvailable(true);
  await hub.sink().send('0', [Uint8Array.of(1)]);
  const next = await hub.source().open(start);
  assert.equal((await next.read({ maxEvents: 1, maxWaitMs: 10 })).length, 1);
});
