import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowSpan } from './row-span.ts';
import { vus } from './vus.ts';

const labels: RowSpan[] = [
  [100, 119],
  [400, 429],
];

function scoreOf(inside: number, outside: (row: number) => number): Float64Array {
  return Float64Array.from({ length: 1000 }, (_, row) =>
    labels.some(([first, last]) => row >= first && row <= last) ? inside : outside(row),
  );
}

test('a score that knows the labels is near 1, and exactly 1 without a buffer where a threshold lies at its end', () => {
  const perfect = scoreOf(1, () => 0);
  assert.ok(vus(perfect, labels, 20).pr > 0.85);
  assert.ok(vus(perfect, labels, 20).roc > 0.95);
  const { pr } = vus(perfect, labels, 0);
  assert.ok(Math.abs(pr - 1) < 0.06, `${pr}`);
});

test('a score that says nothing gets about the share of labelled rows', () => {
  const { pr } = vus(
    scoreOf(0.5, (row) => (Math.sin(row * 12.9898) * 43758.5453) % 1),
    labels,
    0,
  );
  assert.ok(pr < 0.35, `${pr}`);
  const constant = vus(new Float64Array(1000).fill(3), labels, 0);
  assert.ok(Math.abs(constant.pr - 0.05) < 1e-9);
});

test('what lies just beside a label costs less with a buffer than what lies far from it', () => {
  const beside = scoreOf(1, (row) => (row >= 120 && row < 130 ? 2 : 0));
  const far = scoreOf(1, (row) => (row >= 700 && row < 710 ? 2 : 0));
  assert.ok(vus(beside, labels, 50).pr > vus(far, labels, 50).pr + 0.05);
  assert.ok(Math.abs(vus(beside, labels, 0).pr - vus(far, labels, 0).pr) < 1e-9);
});

test('only the order of scores counts', () => {
  const some = scoreOf(2, (row) => ((row * 37) % 101) / 50);
  assert.deepEqual(
    vus(
      some.map((value) => Math.exp(value)),
      labels,
      30,
    ),
    vus(some, labels, 30),
  );
});
