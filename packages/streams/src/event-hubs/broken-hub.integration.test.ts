import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEvents } from '../event-stream.contract.ts';
import { type EventSink, type EventSource, StreamUnavailable } from '../event-stream.ts';
import { EmulatorProcess } from './emulator-process.fixture.ts';
import { openEventHubs } from './event-hubs.ts';

let emulator: EmulatorProcess;
let source: EventSource;
let sink: EventSink;
let ownerLevel = 0;

const connect = (options: { retryForMs?: number; attemptMs?: number; silenceMs?: number } = {}) =>
  openEventHubs({ connectionString: emulator.connectionString, hub: 'data', ...options });

async function open(partition: string, afterSequence: number) {
  ownerLevel += 1;
  const start = afterSequence < 0 ? 'earliest' : { afterSequence };
  return source.open({ consumerGroup: '$Default', partition, start, ownerLevel });
}

before(async () => {
  emulator = await EmulatorProcess.start();
  source = connect().source();
  sink = connect().sink();
});
after(async () => {
  await Promise.all([source.close(), sink.close()]);
  await emulator.remove();
});
beforeEach(async () => {
  await sink.send('0', [Uint8Array.of(0)]);
});

test('a sender goes on as soon as a killed hub is back, and acknowledged events are there', async () => {
  const { lastSequence } = await source.extent('0');
  await sink.send('0', [Uint8Array.of(1)]);
  await emulator.kill();
  const sending = sink.send('0', [Uint8Array.of(2)]);
  await emulator.restart();
  await sending;
  await sink.send('0', [Uint8Array.of(3)]);
  const reader = await open('0', lastSequence);
  const marks = new Set<number | undefined>();
  while (!marks.has(3)) for (const { body } of await readEvents(reader, 1)) marks.add(body[0]);
  assert.deepEqual([...marks], [1, 2, 3]);
  await reader.close();
});

test('a sender gives up in bounded time while the hub is away, and works at once when it is back', async () => {
  const impatient = connect({ retryForMs: 1_500 }).sink();
  await impatient.send('0', [Uint8Array.of(1)]);
  await emulator.kill();
  const startMs = performance.now();
  await Promise.all(
    ['0', '1', '0'].map((partition) =>
      assert.rejects(impatient.send(partition, [Uint8Array.of(2)]), StreamUnavailable),
    ),
  );
  assert.ok(performance.now() - startMs < 5_000);
  await emulator.restart();
  await impatient.send('0', [Uint8Array.of(3)]);
  await impatient.close();
});

test('a sender gives up on a hub that does not answer any more', async () => {
  const impatient = connect({ retryForMs: 2_000, attemptMs: 800 }).sink();
  await impatient.send('0', [Uint8Array.of(1)]);
  emulator.halt();
  await assert.rejects(impatient.send('0', [Uint8Array.of(2)]), StreamUnavailable);
  await emulator.kill();
  await emulator.restart();
  await impatient.send('0', [Uint8Array.of(3)]);
  await impatient.close();
});

test('a reader of a killed hub ends or goes on, and never loses or repeats an event', async () => {
  let { lastSequence } = await source.extent('0');
  let reader = await open('0', lastSequence);
  const bodies: (number | undefined)[] = [];
  const readTo = async (last: number) => {
    const deadlineMs = Date.now() + 60_000;
    while (bodies.at(-1) !== last) {
      assert.ok(Date.now() < deadlineMs, `only ${bodies} came`);
      try {
        for (const event of await reader.read({ maxEvents: 10, maxWaitMs: 500 })) {
          assert.equal(event.sequence, lastSequence + 1);
          lastSequence = event.sequence;
          bodies.push(event.body[0]);
        }
      } catch (error) {
        assert.ok(error instanceof StreamUnavailable, String(error));
        reader = await open('0', lastSequence);
      }
    }
  };
  await sink.send('0', [Uint8Array.of(1)]);
  await readTo(1);
  for (const mark of [2, 3]) {
    await emulator.kill();
    await emulator.restart();
    await sink.send('0', [Uint8Array.of(mark)]);
    await readTo(mark);
  }
  assert.deepEqual(new Set(bodies), new Set([1, 2, 3]));
  await reader.close();
});

test('a reader ends when the hub stays away', async () => {
  const { lastSequence } = await source.extent('1');
  const reader = await open('1', lastSequence);
  assert.deepEqual(await reader.read({ maxEvents: 1, maxWaitMs: 500 }), []);
  await emulator.kill();
  await assert.rejects(readEvents(reader, 1, 60_000), StreamUnavailable);
  await assert.rejects(
    connect({ retryForMs: 500 }).source().extent('1'),
    StreamUnavailable,
    'properties end in bounded time too',
  );
  await emulator.restart();
});

test('a reader that nobody read from for long goes on: who was held is not silent', async () => {
  const held = connect({ silenceMs: 4_000 }).source();
  const { lastSequence } = await held.extent('1');
  ownerLevel += 1;
  const start = { afterSequence: lastSequence };
  const reader = await held.open({ consumerGroup: '$Default', partition: '1', start, ownerLevel });
  assert.deepEqual(await reader.read({ maxEvents: 1, maxWaitMs: 500 }), []);
  await sleep(9_000);
  assert.deepEqual(await reader.read({ maxEvents: 1, maxWaitMs: 500 }), []);
  await sink.send('1', [Buffer.of(7)]);
  const [event] = await readEvents(reader, 1, 60_000);
  assert.equal(event?.body[0], 7);
  await held.close();
});

test('a reader of a hub that accepts connections and says nothing ends', async () => {
  const patient = connect({ silenceMs: 3_000 }).source();
  emulator.halt();
  const reader = await patient.open({
    consumerGroup: '$Default',
    partition: '1',
    start: 'earliest',
    ownerLevel: 1,
  });
  await assert.rejects(readEvents(reader, 1, 60_000), StreamUnavailable);
  await emulator.kill();
  await patient.close();
  await emulator.restart();
});
