import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpProblem } from '@verdict/process';
import { decodeReadings, InMemoryHub, partitionOfKey, StreamUnavailable } from '@verdict/streams';
import { dataSender } from './data-sender.ts';
import { InFlightBytes } from './in-flight-bytes.ts';

test('readings reach the partition of their series', async () => {
  const hub = new InMemoryHub({ partitionCount: 4 });
  const sender = dataSender(hub.sink());
  await sender.send(
    ['a', 'b', 'c', 'd', 'e'].map((series, time) => ({ series, time, values: { cpu: time } })),
  );
  for (const series of ['a', 'b', 'c', 'd', 'e']) {
    const partition = String(partitionOfKey(series, 4));
    const reader = await hub
      .source()
      .open({ consumerGroup: 'x', partition, start: 'earliest', ownerLevel: 1 });
    const events = await reader.read({ maxEvents: 10, maxWaitMs: 10 });
    const keys = events.flatMap((event) => decodeReadings(event.body).map((block) => block.series));
    assert.ok(keys.includes(series), series);
    await reader.close();
  }
});

test('readings that stand out of order in one request are not late: they are sent in order of time', async () => {
  const hub = new InMemoryHub({ partitionCount: 1 });
  const cpu = [3, 1, 2, 1];
  await dataSender(hub.sink()).send(
    cpu.map((time, index) => ({ series: 'a', time, values: { cpu: index } })),
  );
  const reader = await hub
    .source()
    .open({ consumerGroup: 'x', partition: '0', start: 'earliest', ownerLevel: 1 });
  const blocks = (await reader.read({ maxEvents: 10, maxWaitMs: 10 })).flatMap(({ body }) =>
    decodeReadings(body),
  );
  await reader.close();
  assert.deepEqual(
    blocks.flatMap(({ times }) => [...times]),
    [1, 1, 2, 3],
  );
  // Of two with the same time the first one stays the first.
  assert.deepEqual(
    blocks.flatMap(({ values }) => [...values]),
    [1, 3, 2, 0],
  );
});

test('an outage is passed on, and is over when the hub is back', async () => {
  const hub = new InMemoryHub({ partitionCount: 4 });
  const sender = dataSender(hub.sink());
  const readings = [{ series: 'a', time: 1, values: { cpu: 1 } }];
  hub.setAvailable(false);
  await assert.rejects(sender.send(readings), StreamUnavailable);
  hub.setAvailable(true);
  await sender.send(readings);
});

test('room for bytes is given back once and never exceeded', () => {
  const room = new InFlightBytes(100);
  const first = room.take(60);
  assert.throws(() => room.take(41), HttpProblem);
  const second = room.take(40);
  first();
  first();
  assert.equal(room.taken, 40);
  second();
  assert.equal(room.taken, 0);
});
