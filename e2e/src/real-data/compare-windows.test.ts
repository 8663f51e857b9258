import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWindows } from './compare-windows.ts';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const window = (from: number, to: number) => ({ fromMs: from * 60_000, toMs: to * 60_000 });

test('a window is hit by an anomaly that overlaps it, and counted once', () => {
  const anomalies = [
    { start: at(9), end: at(11) },
    { start: at(12), end: at(13) },
    { start: at(30), end: at(31) },
  ];
  assert.deepEqual(compareWindows(anomalies, [window(10, 20), window(40, 50)]), {
    anomalies: 3,
    inside: 2,
    windows: 2,
    hit: 1,
    missed: [window(40, 50)],
  });
});

test('an anomaly that is longer than a window hits it', () => {
  assert.equal(compareWindows([{ start: at(1), end: at(100) }], [window(10, 20)]).hit, 1);
});
