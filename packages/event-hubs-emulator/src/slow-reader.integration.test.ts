import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EventHubConsumerClient, EventHubProducerClient, earliestEventPosition } from '@azure/event-hubs';
import { endChild, startChildEmulator } from './testing/child-emulator.ts';
import { readEvents } from './testing/read-events.ts';

const MEGABYTE = 2 ** 20;
const EVENTS = 150;

/** Memory that a process holds, bytes. */
async function residentBytes({ pid }: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

test('a reader that takes credit for everything and then stands still costs little memory', {
  skip: process.platform !== 'linux',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'event-hubs-slow-'));
  const emulator = await startChildEmulator(folder);
  const { connectionString } = emulator;
  const producer = new EventHubProducerClient(connectionString, 'data');
  const consumer = new EventHubConsumerClient('$Default', connectionString, 'data');
  const readers: ChildProcess[] = [];
  try {
    const body = Buffer.alloc(MEGABYTE - 1000, 'x');
    for (let i = 0; i < EVENTS; i++) await producer.sendBatch([{ body }], { partitionId: '0' });
    const before = await residentBytes(emulator.child);
    for (let i = 0; i < 3; i++) {
      const script = fileURLToPath(new URL('./testing/stuck-reader.ts', import.meta.url));
      const reader = spawn(process.execPath, [script, connectionString, 'data', '0', String(EVENTS)]);
      readers.push(reader);
      await once(reader.stdout, 'data');
      reader.kill('SIGSTOP');
    }
    // Another reader gets all the while everything: the stuck ones hold nobody up.
    const events = await readEvents(consumer, '0', earliestEventPosition, EVENTS);
    assert.equal(events.length, EVENTS);
    const growth = (await residentBytes(emulator.child)) - before;
    assert.ok(
      growth < 100 * MEGABYTE,
      `grew by ${Math.round(growth / MEGABYTE)} MB of ${3 * EVENTS} outstanding`,
    );
  } finally {
    for (const reader of readers) await endChild(reader, 'SIGKILL');
    await producer.close();
    await consumer.close();
    await endChild(emulator.child, 'SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
