import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { type Emulator, startEmulator } from './emulator.ts';
import { openReader, readEvents } from './testing/read-events.ts';

const fast = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };

describe('an emulator that keeps events for a time', () => {
  let folder = '';
  let emulator: Emulator;
  let producer: EventHubProducerClient;
  let consumer: EventHubConsumerClient;
  let aheadMs = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'event-hubs-retention-'));
    emulator = await startEmulator({
      dataFolder: folder,
      hubs: [{ name: 'data', partitions: 1, consumerGroups: ['shop'] }],
      retention: { afterMs: 600_000, segmentBytes: 20_000 },
      retentionEveryMs: 20,
      nowMs: () => Date.now() + aheadMs,
    });
    producer = new EventHubProducerClient(emulator.connectionString, 'data', fast);
    consumer = new EventHubConsumerClient('Shop', emulator.connectionString, 'data', fast);
  });
  after(async () => {
    await producer.close();
    await consumer.close();
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('old events go, the first number moves, and readers go on with what is left', async () => {
    const send = (body: string) => producer.sendBatch([{ body: body.padEnd(1000) }], { partitionId: '0' });
    for (let i = 0; i < 100; i++) await send(`old ${i}`);
    const [first] = await readEvents(consumer, '0', earliestEventPosition, 1);
    assert.equal(first?.sequenceNumber, 0);

    aheadMs = 300_000;
    for (let i = 0; i < 30; i++) await send(`newer ${i}`);
    aheadMs = 610_000; // the old ones are past ten minutes now, the newer ones are not
    const begin = async () => (await producer.getPartitionProperties('0')).beginningSequenceNumber;
    for (let i = 0; (await begin()) <= 80 && i < 500; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    // Segment by segment, and each takes its time: what begins here may go while it is looked at.
    const beginning = await begin();
    assert.ok(beginning > 80 && beginning <= 100, `begins at ${beginning}`);

    const fromLost = openReader(consumer, '0', { sequenceNumber: 3, isInclusive: true });
    await fromLost.until(() => fromLost.events.at(-1)?.sequenceNumber === 129);
    const numbers = fromLost.events.map(({ sequenceNumber }) => sequenceNumber);
    assert.ok(
      numbers[0] !== undefined && numbers[0] >= beginning && numbers[0] <= 100,
      `begins at ${numbers[0]}`,
    );
    const newer = numbers.filter((number) => number >= 100);
    assert.deepEqual(
      newer,
      Array.from({ length: 30 }, (_, index) => 100 + index),
    );
    await fromLost.close();

    const fromNowhere = openReader(consumer, '0', { sequenceNumber: 9999 });
    await fromNowhere.until(() => fromNowhere.errors.length > 0, { failOnError: false });
    assert.match(String(fromNowhere.errors[0]), /The last sequence number in the system is '129'/);

    aheadMs = 3_000_000; // the tokens of the clients last an hour
    const isEmpty = async () => (await producer.getPartitionProperties('0')).isEmpty;
    for (let i = 0; !(await isEmpty()) && i < 500; i++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await send('newest');
    const [newest] = await readEvents(consumer, '0', earliestEventPosition, 1);
    assert.equal(newest?.sequenceNumber, 130);
  });
});
