import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeReadings } from '@verdict/streams';
import { decodeEvents } from './decode-events.ts';

const readings = (series: string, ...times: number[]) => ({
  series,
  signals: ['cpu'],
  times: Float64Array.from(times),
  values: Float32Array.from(times, () => 1),
});
const event = (sequence: number, body: Uint8Array) => ({ sequence, body, enqueuedAtMs: 0 });

test('times that no table of history can be named by go to dead letters instead of stopping the partition', () => {
  const nowMs = Date.UTC(2026, 10, 22);
  const { blocks, undecodable } = decodeEvents([
    event(1, encodeReadings([readings('a', nowMs)])),
    event(2, encodeReadings([readings('b', nowMs), readings('c', nowMs, 4e15)])),
    event(3, encodeReadings([readings('d', -1, nowMs)])),
    event(4, Uint8Array.of(7)),
    event(5, encodeReadings([readings('e', 0, Date.UTC(9999, 11, 31))])),
  ]);
  assert.deepEqual(
    blocks.map(({ series, sequences }) => [series, ...sequences]),
    [
      ['a', 1],
      ['e', 5, 5],
    ],
  );
  assert.deepEqual(
    undecodable.map(({ sequence, reason }) => [sequence, reason]),
    [
      [2, 'undecodable'],
      [3, 'undecodable'],
      [4, 'undecodable'],
    ],
  );
  assert.match(undecodable[0]?.detail ?? '', /block of c: a time outside of the years 1970 to 9999/);
});
