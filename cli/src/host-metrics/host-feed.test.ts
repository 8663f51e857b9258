import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReadingInput } from '@verdict/contracts';
import { machineClock } from '@verdict/platform-client';
import { type HostFeed, runHostFeed } from './host-feed.ts';
import { type HostValues, hostSignals, sampleHost } from './host-sample.ts';
import { readingBuffer } from './reading-buffer.ts';

const none = Object.fromEntries(hostSignals.map((signal) => [signal, null])) as HostValues;

function feedOf(over: Partial<HostFeed>): HostFeed {
  return {
    series: 'host/a',
    sample: async () => none,
    intervalMs: 10,
    capacity: 100,
    count: 5,
    send: async () => undefined,
    clock: machineClock,
    signal: new AbortController().signal,
    onSent: () => undefined,
    ...over,
  };
}

test('looks lie on the grid of the interval, one after the other, even when one takes long', async () => {
  const sent: ReadingInput[] = [];
  let looking = 0;
  const sample = async () => {
    looking += 1;
    assert.equal(looking, 1);
    await machineClock.sleep(25);
    looking -= 1;
    return none;
  };
  await runHostFeed(feedOf({ sample, send: async (readings) => void sent.push(...readings) }));
  assert.equal(sent.length, 5);
  const times = sent.map((reading) => Number(reading.time));
  for (const time of times) assert.equal(time % 10, 0);
  assert.equal(new Set(times).size, 5);
});

test('looking goes on while the gateway is away, and the oldest looks are dropped and counted', async () => {
  const away = Promise.withResolvers<void>();
  const sent: ReadingInput[] = [];
  let dropped = 0;
  let looks = 0;
  const feed = feedOf({
    count: 20,
    capacity: 5,
    sample: async () => {
      looks += 1;
      if (looks === 21) away.resolve();
      return none;
    },
    send: async (readings) => {
      await away.promise;
      sent.push(...readings);
    },
    onSent: (_sent, lost) => {
      dropped = lost;
    },
  });
  await runHostFeed(feed);
  assert.ok(dropped > 0);
  const times = sent.map((reading) => Number(reading.time));
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
  assert.equal(sent.length + dropped, 20);
});

test('a refusal stops the looking too', async () => {
  const refuse = async () => {
    throw new Error('refused');
  };
  await assert.rejects(runHostFeed(feedOf({ count: Number.POSITIVE_INFINITY, send: refuse })), /refused/);
});

test('a full buffer keeps the newest', () => {
  const buffer = readingBuffer(2);
  for (const time of [1, 2, 3]) buffer.add({ series: 'a', time, values: { x: 1 } });
  assert.deepEqual(
    buffer.oldest(10).map((reading) => reading.time),
    [2, 3],
  );
  assert.equal(buffer.dropped, 1);
});

test('this computer tells its cpu and memory in percent', async () => {
  await sampleHost();
  const values = await sampleHost();
  assert.deepEqual(Object.keys(values), [...hostSignals]);
  for (const signal of ['cpu', 'memory_used'] as const) {
    const value = values[signal];
    assert.ok(value !== null && value >= 0 && value <= 100, `${signal} ${value}`);
  }
});
