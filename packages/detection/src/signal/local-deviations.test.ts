import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { localDeviationsWords, squaredDeviation, takeDeviation } from './local-deviations.ts';

const usual = (value: number) => ({ value, followed: value, learns: true });
const after = (values: readonly number[]) => {
  const memory = new Memory(localDeviationsWords);
  for (const value of values) takeDeviation(memory, 0, usual(value));
  return memory;
};
const zigzag = Array.from({ length: 500 }, (_, i) => (i % 2) + (i % 7) / 10);

test('what is usual is about 1, what is not is far above, whatever the unit', () => {
  for (const unit of [1e-6, 1, 1e12]) {
    const memory = after(zigzag.map((value) => 40 * unit + unit * value));
    assert.ok(squaredDeviation(memory, 0, 40.3 * unit) < 4);
    assert.ok(squaredDeviation(memory, 0, 50 * unit) > 50);
  }
});

test('a signal that begins to move sets its own scale with its first moves', () => {
  const memory = after(new Array(500).fill(7));
  assert.ok(squaredDeviation(memory, 0, 7.001) > 100);
  for (let i = 0; i < 40; i += 1) takeDeviation(memory, 0, usual(7 + (i % 2) / 1000));
  assert.ok(squaredDeviation(memory, 0, 7.001) < 64);
});

test('an outlier that nothing follows leaves no echo', () => {
  const [followed, hidden] = [after(zigzag), after(zigzag)];
  takeDeviation(followed, 0, { value: 30, followed: 30, learns: false });
  takeDeviation(hidden, 0, { value: 30, followed: 0.5, learns: false });
  assert.ok(squaredDeviation(followed, 0, 0.5) > 20);
  assert.ok(squaredDeviation(hidden, 0, 0.5) < 4);
});

test('numbers of any size stay finite', () => {
  const memory = after([0, 3e38, -3e38, 1, 3e38]);
  assert.ok(Number.isFinite(squaredDeviation(memory, 0, -3e38)));
});
