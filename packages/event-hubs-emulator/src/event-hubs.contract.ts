import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type EventData,
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  latestEventPosition,
  type MessagingError,
} from '@azure/event-hubs';
import { clientPartitionOfKey } from './testing/client-partition-of-key.ts';
import { openReader, readEvents } from './testing/read-events.ts';

/** Where the suite runs. The hub may hold events and may be used by nobody else meanwhile. */
export interface EventHubsUnderTest {
  connectionString: string;
  hub: string;
  /** A consumer group beside `$Default`, where there is one. */
  otherConsumerGroup?: string;
}

export interface EventHubsCapabilities {
  /** Signatures of tokens are checked. */
  checksSignatures: boolean;
  /** A message of 1 MB is the longest; Microsoft's emulator has this limit too. */
  maxMessageBytes: number;
}

const fast = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };

/** What every Event Hubs does, as seen through the official client. */
export function describeEventHubs(
  name: string,
  capabilities: EventHubsCapabilities,
  provide: () => Promise<EventHubsUnderTest>,
): void {
  describe(name, () => {
    let under: EventHubsUnderTest;
    let producer: EventHubProducerClient;
    let consumer: EventHubConsumerClient;
    let partitions: string[] = [];

    before(async () => {
      under = await provide();
      producer = new EventHubProducerClient(under.connectionString, under.hub, fast);
      consumer = new EventHubConsumerClient('$Default', under.connectionString, under.hub, fast);
      partitions = await producer.getPartitionIds();
    });
    after(async () => {
      await producer?.close();
      await consumer?.close();
    });

    const lastSequence = async (partition: string): Promise<number> =>
      (await producer.getPartitionProperties(partition)).lastEnqueuedSequenceNumber;
    const behind = async (partition: string) => {
      const last = await lastSequence(partition);
      return last < 0 ? earliestEventPosition : { sequenceNumber: last, isInclusive: false };
    };
    const numbered = (count: number, start = 0): EventData[] =>
      Array.from({ length: count }, (_, i) => ({ body: start + i }));

    test('an event comes back as it was sent', async () => {
      const start = await behind('0');
      const sent: EventData[] = [
        { body: 'text' },
        { body: { nested: [1, 'two', null] }, properties: { n: 1, s: 'x', b: true, date: new Date(5) } },
        {
          body: Buffer.from([0, 255, 1]),
          contentType: 'application/x-test',
          messageId: 'm',
          correlationId: 'c',
        },
        { body: 'ü'.repeat(100_000) },
      ];
      await producer.sendBatch(sent, { partitionId: '0' });
      const got = await readEvents(consumer, '0', start, sent.length);
      assert.deepEqual(
        got.map(({ body }) => (Buffer.isBuffer(body) ? Buffer.from(body) : body)),
        sent.map(({ body }) => body),
      );
      assert.deepEqual(got[1]?.properties, { n: 1, s: 'x', b: true, date: 5 });
      const { contentType, messageId, correlationId } = got[2] ?? {};
      assert.deepEqual([contentType, messageId, correlationId], ['application/x-test', 'm', 'c']);
    });

    test('a partition keeps the order, and its numbers only grow', async () => {
      const start = await behind('0');
      const first = (await lastSequence('0')) + 1;
      const batch = await producer.createBatch({ partitionId: '0' });
      for (const event of numbered(50)) assert.ok(batch.tryAdd(event));
      await producer.sendBatch(batch);
      await Promise.all(
        [0, 1, 2, 3].map((i) => producer.sendBatch(numbered(20, 50 + 20 * i), { partitionId: '0' })),
      );
      const got = await readEvents(consumer, '0', start, 130);
      assert.deepEqual(
        got.map(({ body }) => body),
        Array.from({ length: 130 }, (_, i) => i),
      );
      assert.deepEqual(
        got.map(({ sequenceNumber }) => sequenceNumber),
        Array.from({ length: 130 }, (_, i) => first + i),
      );
      for (const [i, event] of got.slice(1).entries()) {
        assert.ok(Number(event.offset) > Number(got[i]?.offset));
        assert.ok(event.enqueuedTimeUtc >= (got[i]?.enqueuedTimeUtc ?? 0));
      }
    });

    test('a reader starts where it is told to', async () => {
      const start = await behind('1');
      await producer.sendBatch(numbered(3), { partitionId: '1' });
      await new Promise((resolve) => setTimeout(resolve, 20)); // the next batch has a later time
      await producer.sendBatch(numbered(3, 3), { partitionId: '1' });
      const all = await readEvents(consumer, '1', start, 6);
      const second = all[2];
      assert.ok(second !== undefined);
      const firstBody = async (position: object) =>
        (await readEvents(consumer, '1', position, 1))[0]?.body as unknown;
      const { sequenceNumber, offset, enqueuedTimeUtc } = second;
      assert.equal(await firstBody({ sequenceNumber, isInclusive: true }), 2);
      assert.equal(await firstBody({ sequenceNumber, isInclusive: false }), 3);
      assert.equal(await firstBody({ offset, isInclusive: true }), 2);
      assert.equal(await firstBody({ offset }), 3);
      assert.equal(await firstBody({ enqueuedOn: enqueuedTimeUtc }), 3);
      const { beginningSequenceNumber } = await producer.getPartitionProperties('1');
      const [earliest] = await readEvents(consumer, '1', earliestEventPosition, 1);
      assert.equal(earliest?.sequenceNumber, beginningSequenceNumber);
    });

    test('a reader that starts at the latest gets only what comes after', async () => {
      await producer.sendBatch([{ body: 'before' }], { partitionId: '1' });
      const reader = openReader(consumer, '1', latestEventPosition);
      try {
        // Nothing tells when the link is open: later events are sent until the first arrives.
        for (let i = 0; reader.events.length === 0 && i < 200; i++) {
          await producer.sendBatch([{ body: 'after' }], { partitionId: '1' });
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        assert.ok(reader.events.length > 0);
        assert.ok(reader.events.every(({ body }) => body === 'after'));
      } finally {
        await reader.close();
      }
    });

    test("a partition key leads to the same partition as the client's buffered producer computes", async () => {
      const keys = Array.from({ length: 24 }, (_, i) => `série/${i}`.padEnd(i, 'x'));
      const starts = new Map(
        await Promise.all(partitions.map(async (id) => [id, await lastSequence(id)] as const)),
      );
      for (const key of keys) await producer.sendBatch([{ body: key }], { partitionKey: key });
      const partitionOf = new Map<string, string>();
      for (const id of partitions) {
        const begin = (starts.get(id) ?? -1) + 1;
        const count = (await lastSequence(id)) + 1 - begin;
        if (count === 0) continue;
        const position = begin === 0 ? earliestEventPosition : { sequenceNumber: begin, isInclusive: true };
        for (const event of await readEvents(consumer, id, position, count)) {
          partitionOf.set(event.body as string, id);
          assert.equal(event.partitionKey, event.body);
        }
      }
      for (const key of keys) {
        assert.equal(partitionOf.get(key), String(clientPartitionOfKey(key, partitions.length)), key);
      }
      assert.ok(new Set(partitionOf.values()).size > 1);
    });

    test('events without a key are spread over the partitions, each stored once', async () => {
      const total = async () =>
        (await Promise.all(partitions.map(lastSequence))).reduce((sum, last) => sum + last, 0);
      const before = await Promise.all(partitions.map(lastSequence));
      const sum = await total();
      for (let i = 0; i < 12; i++) await producer.sendBatch([{ body: i }]);
      assert.equal((await total()) - sum, 12);
      const grown = (await Promise.all(partitions.map(lastSequence))).filter(
        (last, i) => last > (before[i] ?? 0),
      );
      assert.ok(grown.length > 1);
    });

    test('several readers without an owner level each get every event, at most five of them', async () => {
      const start = await behind('0');
      const readers = Array.from({ length: 5 }, () => openReader(newConsumer(), '0', start));
      try {
        await producer.sendBatch(numbered(10), { partitionId: '0' });
        await Promise.all(readers.map((reader) => reader.until(() => reader.events.length >= 10)));
        const sixth = openReader(newConsumer(), '0', start);
        await sixth.until(() => sixth.errors.length > 0, { failOnError: false });
        assert.equal((sixth.errors[0] as MessagingError).code, 'QuotaExceededError');
      } finally {
        await Promise.all(readers.map((reader) => reader.close()));
        await closeAll();
      }
    });

    test('a higher or equal owner level takes over, a lower one and none at all are refused', async () => {
      const start = await behind('1');
      const plain = openReader(newConsumer(), '1', start);
      await producer.sendBatch(numbered(1), { partitionId: '1' });
      await plain.until(() => plain.events.length === 1);
      const stolen = async (reader: ReturnType<typeof openReader>) => {
        await reader.until(() => reader.errors.length > 0, { failOnError: false });
        assert.equal((reader.errors[0] as MessagingError).code, 'ReceiverDisconnectedError');
      };
      try {
        const second = openReader(newConsumer(), '1', start, { ownerLevel: 2 });
        await second.until(() => second.events.length === 1);
        await stolen(plain);
        await stolen(openReader(newConsumer(), '1', start, { ownerLevel: 1 }));
        await stolen(openReader(newConsumer(), '1', start));
        const equal = openReader(newConsumer(), '1', start, { ownerLevel: 2 });
        await equal.until(() => equal.events.length === 1);
        await stolen(second);
        const higher = openReader(newConsumer(), '1', start, { ownerLevel: 7 });
        await higher.until(() => higher.events.length === 1);
        await stolen(equal);
        await producer.sendBatch(numbered(1, 1), { partitionId: '1' });
        await higher.until(() => higher.events.length === 2);
        await higher.close();
        const again = openReader(newConsumer(), '1', start, { ownerLevel: 0 });
        await again.until(() => again.events.length === 2);
        await again.close();
      } finally {
        await closeAll();
      }
    });

    test('each consumer group reads by itself, and owner levels of one do not touch the other', async (t) => {
      if (under.otherConsumerGroup === undefined) return t.skip('no other consumer group is given');
      const other = new EventHubConsumerClient(
        under.otherConsumerGroup,
        under.connectionString,
        under.hub,
        fast,
      );
      const start = await behind('0');
      const readers = [
        openReader(newConsumer(), '0', start, { ownerLevel: 5 }),
        openReader(other, '0', start, { ownerLevel: 1 }),
      ];
      try {
        await producer.sendBatch(numbered(5), { partitionId: '0' });
        for (const reader of readers) await reader.until(() => reader.events.length === 5);
      } finally {
        await Promise.all(readers.map((reader) => reader.close()));
        await other.close();
        await closeAll();
      }
    });

    test('a reader that asks for it hears of the newest event of its partition', async () => {
      const start = await behind('0');
      await producer.sendBatch(numbered(3), { partitionId: '0' });
      const { lastEnqueuedSequenceNumber } = await producer.getPartitionProperties('0');
      let heard: number | undefined;
      const subscription = consumer.subscribe(
        '0',
        {
          async processEvents(_, context) {
            heard ??= context.lastEnqueuedEventProperties?.sequenceNumber;
          },
          async processError() {},
        },
        { startPosition: start, trackLastEnqueuedEventProperties: true },
      );
      try {
        for (let i = 0; heard === undefined && i < 500; i++)
          await new Promise((resolve) => setTimeout(resolve, 20));
      } finally {
        await subscription.close();
      }
      assert.equal(heard, lastEnqueuedSequenceNumber);
    });

    test('the properties of hub and partitions tell what they hold', async () => {
      const hub = await producer.getEventHubProperties();
      assert.equal(hub.name, under.hub);
      assert.ok(hub.createdOn.getTime() <= Date.now());
      assert.deepEqual(hub.partitionIds, partitions);
      await producer.sendBatch(numbered(2), { partitionId: '0' });
      const partition = await producer.getPartitionProperties('0');
      const [last] = await readEvents(
        consumer,
        '0',
        { sequenceNumber: partition.lastEnqueuedSequenceNumber, isInclusive: true },
        1,
      );
      assert.equal(partition.isEmpty, false);
      assert.equal(partition.partitionId, '0');
      assert.equal(partition.lastEnqueuedOffset, last?.offset);
      assert.deepEqual(partition.lastEnqueuedOnUtc, last?.enqueuedTimeUtc);
    });

    test('a message that is too large is refused, and the next one is taken', async () => {
      const start = await behind('0');
      const body = Buffer.alloc(capabilities.maxMessageBytes + 10);
      await assert.rejects(producer.sendBatch([{ body }], { partitionId: '0' }), {
        code: 'MessageTooLargeError',
      });
      const batch = await producer.createBatch({ partitionId: '0' });
      assert.equal(batch.tryAdd({ body }), false);
      await producer.sendBatch([{ body: 'fits' }], { partitionId: '0' });
      assert.equal((await readEvents(consumer, '0', start, 1))[0]?.body, 'fits');
    });

    test('an unknown hub, consumer group or partition is refused by name', async () => {
      const other = new EventHubProducerClient(under.connectionString, 'no-such-hub', fast);
      const group = new EventHubConsumerClient('no-such-group', under.connectionString, under.hub, fast);
      try {
        await assert.rejects(other.getEventHubProperties(), { code: 'MessagingEntityNotFoundError' });
        await assert.rejects(other.sendBatch([{ body: 1 }]), { code: 'MessagingEntityNotFoundError' });
        await assert.rejects(producer.getPartitionProperties('999'), { code: 'ArgumentOutOfRangeError' });
        await assert.rejects(
          producer.sendBatch([{ body: 1 }], { partitionId: '999' }),
          /partition is invalid/,
        );
        const reader = openReader(group, '0', earliestEventPosition);
        await reader.until(() => reader.errors.length > 0, { failOnError: false });
        assert.equal((reader.errors[0] as MessagingError).code, 'MessagingEntityNotFoundError');
      } finally {
        await other.close();
        await group.close();
      }
    });

    test('a wrong key opens nothing', { skip: !capabilities.checksSignatures }, async () => {
      const wrong = under.connectionString.replace(/SharedAccessKey=[^;]+/, 'SharedAccessKey=d3Jvbmc=');
      const stranger = new EventHubProducerClient(wrong, under.hub, fast);
      try {
        await assert.rejects(stranger.sendBatch([{ body: 1 }]), { code: 'UnauthorizedError' });
        await assert.rejects(stranger.getEventHubProperties(), { code: 'UnauthorizedError' });
      } finally {
        await stranger.close();
      }
    });

    const extra: EventHubConsumerClient[] = [];
    /** One more client with its own connection. */
    function newConsumer(): EventHubConsumerClient {
      const client = new EventHubConsumerClient('$Default', under.connectionString, under.hub, fast);
      extra.push(client);
      return client;
    }
    async function closeAll(): Promise<void> {
      await Promise.all(extra.splice(0).map((client) => client.close()));
    }
  });
}
