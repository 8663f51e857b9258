import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HistoryRows } from '@verdict/storage';
import { freshChunks, playedDays } from './played-days.ts';
import { dayMs } from './scored-series.ts';

function rowsAt(times: number[]): HistoryRows {
  const cells = Float32Array.from(times, (_, at) => at);
  return {
    signals: ['a'],
    times: Float64Array.from(times),
    values: cells,
    expected: cells,
    band: cells,
    score: cells,
    flags: new Uint8Array(times.length),
  };
}

test('a series is played day by day, and from its beginning again when it ends', () => {
  const rows = rowsAt([dayMs + 5, dayMs + 7, 2 * dayMs + 1, 4 * dayMs]);
  const days = [...playedDays(rows, 10 * dayMs, 6)];
  assert.deepEqual(
    days.map(({ times }) => [...times].map((time) => time - 10 * dayMs)),
    [[5, 7], [dayMs + 1], [3 * dayMs], [4 * dayMs + 5, 4 * dayMs + 7], [5 * dayMs + 1]],
  );
  assert.deepEqual([...(days[1]?.values ?? [])], [2]);
});

test('chunks are cut at sixty readings and at five minutes', () => {
  const seconds = freshChunks(rowsAt(Array.from({ length: 130 }, (_, i) => i * 1000)));
  assert.deepEqual(
    seconds.map(({ times }) => times.length),
    [60, 60, 10],
  );
  const minutes = freshChunks(rowsAt(Array.from({ length: 13 }, (_, i) => i * 60_000)));
  assert.deepEqual(
    minutes.map(({ times }) => times.length),
    [6, 6, 1],
  );
});
