import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  type EventSink,
  type EventSource,
  EventTooLarge,
  OwnershipLost,
  type PartitionReader,
  type ReceivedEvent,
} from './event-stream.ts';
import { partitionOfKey } from './partition-key.ts';

/** A hub under test: empty, with at least two partitions, events of up to 1 MB, consumer group `$Default`. */
export interface StreamUnderTest {
  source(): EventSource;
  sink(): EventSink;
  stop(): Promise<void>;
}

/** Reads until there are `count` events; fails when they do not come within `withinMs`. */
export async function readEvents(
  reader: PartitionReader,
  count: number,
  withinMs = 20_000,
): Promise<ReceivedEvent[]> {
  const deadlineMs = Date.now() + withinMs;
  const events: ReceivedEvent[] = [];
  while (events.length < count) {
    assert.ok(Date.now() < deadlineMs, `only ${events.length} of ${count} events came`);
    events.push(...(await reader.read({ maxEvents: count - events.length, maxWaitMs: 1000 })));
  }
  return events;
}

/** The behaviour that every adapter of `EventSource` and `EventSink` shows. */
export function testEventStream(name: string, start: () => Promise<StreamUnderTest>): void {
  describe(name, { timeout: 120_000 }, () => {
    let hub: StreamUnderTest;
    let source: EventSource;
    let sink: EventSink;
    // Every test has its own consumer position and owner level, so that they do not disturb each other.
    let level = 0;
    before(async () => {
      hub = await start();
      source = hub.source();
      sink = hub.sink();
    });
    after(async () => {
      await source.close();
      await sink.close();
      await hub.stop();
    });

    const open = async (partition: string, startAt?: { afterSequence: number } | 'earliest') => {
      level += 1;
      const { lastSequence } = await source.extent(partition);
      return source.open({
        consumerGroup: '$Default',
        partition,
        start: startAt ?? (lastSequence < 0 ? 'earliest' : { afterSequence: lastSequence }),
        ownerLevel: level,
      });
    };

    test('both sides know the same hub and its partitions', async () => {
      const properties = await source.properties();
      assert.deepEqual(await sink.properties(), properties);
      assert.notEqual(properties.identity, '');
      assert.ok(properties.partitions.length >= 2);
      assert.equal(properties.partitions[1], '1');
    });

    test('the extent of a partition grows with every event', async () => {
      const empty = await source.extent('0');
      assert.ok(empty.lastSequence < empty.firstSequence);
      await sink.send('0', [bytes(1), bytes(2)]);
      const extent = await source.extent('0');
      assert.equal(extent.lastSequence - extent.firstSequence, 1);
    });

    test('an event brings along which trace it belongs to, if any', async () => {
      const reader = await open('0');
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await sink.send('0', [Buffer.from('traced')], { traceparent });
      await sink.send('0', [Buffer.from('plain')]);
      const [traced, plain] = await readEvents(reader, 2);
      await reader.close();
      assert.equal(traced?.traceparent, traceparent);
      assert.equal(plain?.traceparent, undefined);
    });

    test('events arrive in order with their bytes, consecutive numbers and a time', async () => {
      const reader = await open('0');
      const bodies = Array.from({ length: 300 }, (_, index) => bytes(index, 1 + (index % 50)));
      const sentAtMs = Date.now();
      await sink.send('0', bodies);
      const events = await readEvents(reader, bodies.length);
      assert.deepEqual(
        events.map(({ body }) => [...body]),
        bodies.map((body) => [...body]),
      );
      const first = events[0]?.sequence ?? Number.NaN;
      for (const [index, event] of events.entries()) {
        assert.equal(event.sequence, first + index);
        assert.ok(Math.abs(event.enqueuedAtMs - sentAtMs) < 60_000);
      }
      await reader.close();
    });

    test('reading from the earliest event, or behind a number, gives what lies there', async () => {
      await sink.send('0', [bytes(7), bytes(8), bytes(9)]);
      const { firstSequence, lastSequence } = await source.extent('0');
      const all = await open('0', 'earliest');
      const events = await readEvents(all, lastSequence - firstSequence + 1);
      assert.equal(events[0]?.sequence, firstSequence);
      await all.close();
      const some = await open('0', { afterSequence: lastSequence - 2 });
      assert.deepEqual(
        (await readEvents(some, 2)).map(({ body }) => body[0]),
        [8, 9],
      );
      await some.close();
    });

    test('a read takes no more events than asked for, and the rest stays', async () => {
      const reader = await open('0');
      await sink.send('0', [bytes(1), bytes(2), bytes(3)]);
      const first = await reader.read({ maxEvents: 1, maxWaitMs: 20_000 });
      assert.deepEqual(
        first.map(({ body }) => body[0]),
        [1],
      );
      assert.deepEqual(
        (await readEvents(reader, 2)).map(({ body }) => body[0]),
        [2, 3],
      );
      await reader.close();
    });

    test('a read without events ends empty, and a later event wakes a waiting one', async () => {
      const reader = await open('1');
      assert.deepEqual(await reader.read({ maxEvents: 5, maxWaitMs: 50 }), []);
      const waiting = readEvents(reader, 1);
      await sink.send('1', [bytes(4)]);
      assert.deepEqual(
        (await waiting).map(({ body }) => body[0]),
        [4],
      );
      await reader.close();
    });

    test('a higher owner level takes the partition from a lower one, which cannot take it back', async () => {
      const lower = await open('0');
      await sink.send('0', [bytes(1)]);
      await readEvents(lower, 1);
      const lowerLevel = level;
      const higher = await open('0');
      await sink.send('0', [bytes(2)]);
      const lost = assert.rejects(readEvents(lower, 1000), OwnershipLost);
      assert.deepEqual(
        (await readEvents(higher, 1)).map(({ body }) => body[0]),
        [2],
      );
      await lost;
      await assert.rejects(lower.read({ maxEvents: 1, maxWaitMs: 10 }), OwnershipLost);
      const again = await source.open({
        consumerGroup: '$Default',
        partition: '0',
        start: 'earliest',
        ownerLevel: lowerLevel,
      });
      await assert.rejects(readEvents(again, 1000), OwnershipLost);
      await sink.send('0', [bytes(3)]);
      assert.deepEqual(
        (await readEvents(higher, 1)).map(({ body }) => body[0]),
        [3],
      );
      await Promise.all([lower.close(), again.close(), higher.close()]);
    });

    test('a partition key leads to the partition that its hash gives', async () => {
      const { partitions } = await source.properties();
      const partition = String(partitionOfKey('anomaly-1', partitions.length));
      const reader = await open(partition);
      await sink.sendKeyed('anomaly-1', bytes(42));
      assert.deepEqual(
        (await readEvents(reader, 1)).map(({ body }) => body[0]),
        [42],
      );
      await reader.close();
    });

    test('an event beyond the limit is refused, large ones go in several batches', async () => {
      await assert.rejects(sink.send('0', [new Uint8Array(1024 * 1024 + 1)]), EventTooLarge);
      await assert.rejects(sink.sendKeyed('k', new Uint8Array(1024 * 1024 + 1)), EventTooLarge);
      const reader = await open('0');
      const bodies = Array.from({ length: 8 }, (_, index) => bytes(index, 400_000));
      await sink.send('0', bodies);
      assert.deepEqual(
        (await readEvents(reader, 8)).map(({ body }) => body[0]),
        [0, 1, 2, 3, 4, 5, 6, 7],
      );
      await reader.close();
    });

    test('a closed reader ends its waiting read and gives nothing more', async () => {
      const reader = await open('1');
      const waiting = reader.read({ maxEvents: 1, maxWaitMs: 20_000 });
      const ended = assert.rejects(waiting, { name: 'StreamUnavailable' });
      await reader.close();
      await ended;
      await assert.rejects(reader.read({ maxEvents: 1, maxWaitMs: 10 }), { name: 'StreamUnavailable' });
    });
  });
}

/** A body whose first byte tells which one it is. */
function bytes(mark: number, size = 3): Uint8Array {
  return new Uint8Array(size).fill(mark % 256);
}
