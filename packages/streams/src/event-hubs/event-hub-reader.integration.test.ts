import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Emulator, startEmulator } from '@verdict/event-hubs-emulator';
import { readEvents } from '../event-stream.contract.ts';
import { type EventSink, type EventSource, StreamUnavailable } from '../event-stream.ts';
import { openEventHubs } from './event-hubs.ts';

let dataFolder: string;
let emulator: Emulator;
let source: EventSource;
let sink: EventSink;

before(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'verdict-streams-'));
  emulator = await startEmulator({ dataFolder, hubs: [{ name: 'data', partitions: 2 }] });
  const hubs = openEventHubs({ connectionString: emulator.connectionString, hub: 'data' });
  source = hubs.source();
  sink = hubs.sink();
});
after(async () => {
  await Promise.all([source.close(), sink.close()]);
  await emulator.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

const open = (partition: string, ownerLevel: number) =>
  source.open({ consumerGroup: '$Default', partition, start: 'earliest', ownerLevel });

test('a long trickle of single events arrives complete across links that are made anew', async () => {
  const reader = await open('0', 1);
  for (let mark = 0; mark < 100; mark += 1) {
    await sink.send('0', [Uint8Array.of(mark)]);
    assert.deepEqual(
      (await readEvents(reader, 1)).map(({ body }) => body[0]),
      [mark],
    );
  }
  await reader.close();
});

test('a slow reader gets a large backlog in order and complete', async () => {
  const count = 5_000;
  const bodies = Array.from({ length: count }, (_, index) => Uint8Array.of(index >> 8, index & 255));
  await sink.send('1', bodies);
  const reader = await open('1', 1);
  let seen = 0;
  while (seen < count) {
    for (const { body } of await readEvents(reader, 1)) {
      assert.equal(((body[0] ?? 0) << 8) | (body[1] ?? 0), seen);
      seen += 1;
    }
    if (seen % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await reader.close();
});

test('an owner level below one is refused, because the client would read without any', async () => {
  await assert.rejects(open('0', 0), RangeError);
});

test('a hub that does not exist is told at once', async () => {
  const { connectionString } = emulator;
  const missing = openEventHubs({ connectionString, hub: 'missing', retryForMs: 60_000 });
  await assert.rejects(missing.sink().send('0', [Uint8Array.of(1)]), StreamUnavailable);
  await assert.rejects(missing.source().properties(), StreamUnavailable);
  const reader = await missing.source().open({
    consumerGroup: '$Default',
    partition: '0',
    start: 'earliest',
    ownerLevel: 1,
  });
  await assert.rejects(readEvents(reader, 1, 30_000), StreamUnavailable);
});
