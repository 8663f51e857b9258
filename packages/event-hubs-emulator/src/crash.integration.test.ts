import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { mendLinkAddress } from '@verdict/streams';
import { type ChildEmulator, endChild, startChildEmulator } from './testing/child-emulator.ts';
import { openReader, readEvents } from './testing/read-events.ts';

// Sends that time out after the emulator has gone must fail as such.
mendLinkAddress();

const fast = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };

describe('the process of the emulator', () => {
  let folder = '';
  const running: ChildEmulator[] = [];
  const clients: { close(): Promise<void> }[] = [];
  const start = async (port?: number): Promise<ChildEmulator> => {
    const emulator = await startChildEmulator(folder, port);
    running.push(emulator);
    return emulator;
  };
  const produce = ({ connectionString }: ChildEmulator, options: object = fast): EventHubProducerClient => {
    const client = new EventHubProducerClient(connectionString, 'data', options);
    clients.push(client);
    return client;
  };
  const consume = ({ connectionString }: ChildEmulator, options: object = fast): EventHubConsumerClient => {
    const client = new EventHubConsumerClient('$Default', connectionString, 'data', options);
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'event-hubs-crash-'));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const { child } of running.splice(0)) await endChild(child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  test('keeps every acknowledged event through kill -9, whole batches, in order, each once', async () => {
    const acknowledged: number[] = [];
    let next = 0;
    for (let round = 0; round < 2; round++) {
      const emulator = await start();
      const producer = produce(emulator, { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } });
      let isAlive = true;
      const send = async (): Promise<void> => {
        while (isAlive) {
          const id = next++;
          const events = [0, 1, 2].map((part) => ({ body: { id, part, filler: 'x'.repeat(2000) } }));
          await producer.sendBatch(events, { partitionId: '0' });
          acknowledged.push(id);
        }
      };
      const before = acknowledged.length;
      const senders = Array.from({ length: 8 }, () => send().catch(() => undefined));
      while (acknowledged.length < before + 40) await new Promise((resolve) => setTimeout(resolve, 5));
      isAlive = false;
      await endChild(emulator.child, 'SIGKILL');
      await Promise.all(senders);
    }
    const emulator = await start();
    const consumer = consume(emulator);
    const { lastEnqueuedSequenceNumber } = await consumer.getPartitionProperties('0');
    const events = await readEvents(consumer, '0', earliestEventPosition, lastEnqueuedSequenceNumber + 1);
    const parts = new Map<number, number[]>();
    for (const [index, event] of events.entries()) {
      assert.equal(event.sequenceNumber, index);
      parts.set(event.body.id, [...(parts.get(event.body.id) ?? []), event.body.part]);
    }
    for (const [id, found] of parts) assert.deepEqual(found, [0, 1, 2], `batch ${id} is whole`);
    for (const id of acknowledged) assert.ok(parts.has(id), `acknowledged batch ${id} is there`);
    assert.ok(acknowledged.length >= 80);
  });

  test('comes back on its port, and the clients that were connected go on by themselves', async () => {
    const first = await start();
    const patient = { retryOptions: { maxRetries: 50, retryDelayInMs: 100, timeoutInMs: 5000 } };
    const producer = produce(first, patient);
    const reader = openReader(consume(first, patient), '1', earliestEventPosition);
    await producer.sendBatch([{ body: 'before' }], { partitionId: '1' });
    await reader.until(() => reader.events.length === 1);
    await endChild(first.child, 'SIGKILL');
    await start(first.port);
    await producer.sendBatch([{ body: 'after' }], { partitionId: '1' });
    await reader.until(() => reader.events.length === 2);
    assert.deepEqual(
      reader.events.map(({ body }) => body),
      ['before', 'after'],
    );
    await reader.close();
  });

  test('ends cleanly on SIGTERM while clients send and read', async () => {
    const emulator = await start();
    const reader = openReader(consume(emulator), '0', earliestEventPosition);
    const producer = produce(emulator, { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } });
    let accepted = 0;
    const send = async (): Promise<never> => {
      for (;;) {
        await producer.sendBatch([{ body: 1 }], { partitionId: '0' });
        accepted += 1;
      }
    };
    const senders = Array.from({ length: 4 }, () => assert.rejects(send()));
    await reader.until(() => reader.events.length >= 20);
    assert.equal(await endChild(emulator.child, 'SIGTERM'), 0);
    await Promise.all(senders);
    assert.ok(accepted >= 20);
    await reader.close();
  });

  test('says in one sentence why it cannot start', async () => {
    const emulator = await start();
    await assert.rejects(startChildEmulator(folder), /code 1: .*is in use by another emulator\./);
    const other = await mkdtemp(join(tmpdir(), 'event-hubs-crash-'));
    try {
      await assert.rejects(
        startChildEmulator(other, emulator.port),
        /code 1: .*Port \d+ at 127.0.0.1 is in use\./,
      );
      await writeFile(join(other, 'data', 'version'), '2\n');
      await assert.rejects(startChildEmulator(other), /code 1: .*has version '2'/);
    } finally {
      await rm(other, { recursive: true, force: true });
    }
  });
});
