import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type MessagingError,
} from '@azure/event-hubs';
import { type Emulator, startEmulator } from './emulator.ts';
import { type OpenLogFile, openLogFile } from './log/log-file.ts';
import { partitionOfKey } from './partition-key.ts';
import { readEvents } from './testing/read-events.ts';

const fast = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };
const key = { name: 'emulator', value: 'c2VjcmV0' };

describe('an emulator whose disk fills up', () => {
  let folder = '';
  let emulator: Emulator;
  let producer: EventHubProducerClient;
  let consumer: EventHubConsumerClient;
  /** Partition whose files take nothing more. */
  let fullPartition: string | undefined;

  /** Writes half of what is asked and fails, as a disk does that fills up in the middle. */
  const openFile: OpenLogFile = async (path, mode) => {
    const file = await openLogFile(path, mode);
    const write = async (bytes: readonly Buffer[], position: number): Promise<void> => {
      const [first = Buffer.alloc(0)] = bytes;
      if (fullPartition === undefined || !path.includes(join('data', fullPartition, '0'))) {
        return file.write(bytes, position);
      }
      await file.write([first.subarray(0, first.length / 2)], position);
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    return { ...file, write };
  };
  const start = async (): Promise<void> => {
    const hubs = [{ name: 'data', partitions: 2 }];
    emulator = await startEmulator({
      dataFolder: folder,
      hubs,
      key,
      openFile,
      retention: { segmentBytes: 4000 },
    });
    producer = new EventHubProducerClient(emulator.connectionString, 'data', fast);
    consumer = new EventHubConsumerClient('$Default', emulator.connectionString, 'data', fast);
  };
  const stop = async (): Promise<void> => {
    await producer.close();
    await consumer.close();
    await emulator.stop();
  };

  beforeEach(async () => {
    fullPartition = undefined;
    folder = await mkdtemp(join(tmpdir(), 'event-hubs-full-'));
    await start();
  });
  afterEach(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('refuses what it cannot store, goes on when there is space, and is whole after a restart', async () => {
    const bodies: string[] = [];
    const send = async (body: string) => {
      await producer.sendBatch([{ body: body.padEnd(500) }, { body: 'second' }], { partitionId: '0' });
      bodies.push(body.padEnd(500), 'second');
    };
    for (let round = 0; round < 6; round++) {
      await send(`before ${round}`);
      fullPartition = '0';
      for (let attempt = 0; attempt < 3; attempt++) {
        await assert.rejects(send('lost'), (error: MessagingError) => {
          assert.equal(error.code, 'QuotaExceededError');
          assert.match(error.message, /The disk is full: nothing was stored/);
          return true;
        });
      }
      fullPartition = undefined;
      await send(`after ${round}`);
    }
    await stop();
    await start();
    const events = await readEvents(consumer, '0', earliestEventPosition, bodies.length);
    assert.deepEqual(
      events.map(({ body, sequenceNumber }) => [body, sequenceNumber]),
      bodies.map((body, index) => [body, index]),
    );
  });

  test('never tells a sender "accepted" for an event that it refused at the same moment', async () => {
    const keys = Array.from({ length: 40 }, (_, i) => `key ${i}`);
    fullPartition = '1';
    const outcomes = await Promise.allSettled(
      keys.map((partitionKey) => producer.sendBatch([{ body: partitionKey }], { partitionKey })),
    );
    for (const [index, { status }] of outcomes.entries()) {
      const partition = partitionOfKey(keys[index] ?? '', 2);
      assert.equal(status, partition === 1 ? 'rejected' : 'fulfilled', `${keys[index]} → ${partition}`);
    }
    assert.ok(new Set(outcomes.map(({ status }) => status)).size === 2);
  });
});
