import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScrapeParts } from './scrape-parts.ts';

const reading = (time: number, ...signals: string[]) => ({
  series: 'shop/cart',
  time,
  values: Object.fromEntries(signals.map((signal, index) => [signal, index])),
});

test('parts of a scrape in several requests are all kept, a millisecond apart', () => {
  const parts = new ScrapeParts();
  assert.deepEqual(parts.place(reading(1000, 'a', 'b')), [reading(1000, 'a', 'b')]);
  assert.deepEqual(parts.place(reading(1000, 'c')), [reading(1001, 'c')]);
  assert.deepEqual(parts.place(reading(1000, 'd')), [reading(1002, 'd')]);
  assert.deepEqual(parts.place(reading(2000, 'c')), [reading(2000, 'c')]);
});

test('a repeated request has the same times again, so it stays harmless', () => {
  const parts = new ScrapeParts();
  parts.place(reading(1000, 'a'));
  parts.place(reading(1000, 'b'));
  assert.deepEqual(parts.place(reading(1000, 'b')), [reading(1001, 'b')]);
  assert.deepEqual(parts.place(reading(1000, 'a')), [reading(1000, 'a')]);
  const both = parts.place(reading(1000, 'a', 'b', 'c'));
  assert.deepEqual(
    both.map(({ time, values }) => [time, values]),
    [
      [1000, { a: 0 }],
      [1001, { b: 1 }],
      [1002, { c: 2 }],
    ],
  );
});
