import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownRange, withoutEach } from './cross-check.ts';

const items = [
  { name: 'a1', group: 'a', worth: 1 },
  { name: 'a2', group: 'a', worth: 2 },
  { name: 'b1', group: 'b', worth: 9 },
];
const sum = (rest: readonly { worth: number }[]) => rest.reduce((total, { worth }) => total + worth, 0);

test('each part is left out in turn, and a figure lies between its lowest and its highest without one', () => {
  const without = withoutEach(items, ({ name, group }) => [name, group], sum);
  assert.deepEqual(without, { a1: 11, a: 9, a2: 10, b1: 3, b: 3 });
  assert.equal(
    shownRange(without, (total) => total, 1),
    '3.0 to 11.0',
  );
});

test('what is the only part cannot be left out, and a figure that is none is shown as none', () => {
  assert.deepEqual(
    withoutEach(items, () => ['all'], sum),
    {},
  );
  assert.equal(
    shownRange({}, (total: number) => total, 1),
    '–',
  );
  assert.equal(
    shownRange({ a: Number.NaN, b: 2 }, (total) => total, 0),
    '2 to 2',
  );
});
