import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PartitionReader, ReceivedEvent } from '@verdict/streams';
import { EventCursor } from './event-cursor.ts';

const limits = { events: 100, bytes: 1000, waitMs: 5 };

/** Gives events piece by piece, then nothing. */
function readerOf(...pieces: readonly (readonly number[])[]): PartitionReader {
  const waiting = pieces.map((piece) => piece.map(eventOf));
  return { read: async () => waiting.shift() ?? [], close: async () => undefined };
}

function eventOf(sequence: number): ReceivedEvent {
  return { sequence, body: new Uint8Array(300), enqueuedAtMs: 0 };
}

const numbers = (events: readonly ReceivedEvent[]) => events.map(({ sequence }) => sequence);

test('a batch takes what is at hand, in however many pieces it comes, up to its bytes', async () => {
  const cursor = new EventCursor(readerOf([0], [1, 2, 3], [4]), -1);
  assert.equal(await cursor.arrived(limits), true);
  assert.deepEqual(numbers(await cursor.read(limits)), [0, 1, 2]);
  assert.deepEqual(numbers(await cursor.read(limits)), [3, 4]);
  assert.equal(await cursor.arrived(limits), false);
  assert.deepEqual(await cursor.read(limits), []);
});

test('a single event may be larger than a batch', async () => {
  const cursor = new EventCursor(readerOf([0, 1]), -1);
  assert.deepEqual(numbers(await cursor.read({ ...limits, bytes: 10 })), [0]);
  assert.deepEqual(numbers(await cursor.read({ ...limits, bytes: 10 })), [1]);
});

test('what lies beyond the wanted event waits, and what a reader gives again is dropped', async () => {
  const cursor = new EventCursor(readerOf([3, 4, 5], [5, 6]), 3);
  assert.deepEqual(numbers(await cursor.read(limits, 5)), [4, 5]);
  assert.equal(cursor.isBeyond(5), true);
  assert.deepEqual(numbers(await cursor.read(limits)), [6]);
});
