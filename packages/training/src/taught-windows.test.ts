import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from './seeded-random.ts';
import { TaughtWindows, taughtShare, withTaught } from './taught-windows.ts';

/** A quiet window of one number, larger than any that is taught: all of those keep their size. */
const large = -1_000_000;
/** Windows of one number each. */
const windows = (count: number, value: number) => new Float32Array(count).fill(value);
const countOf = (all: Float32Array, value: number) => all.filter((one) => one === value).length;

test('each false alarm is 2 % of what is trained on, however many windows it has', () => {
  const all = withTaught(windows(9400, large), [windows(1, 1), windows(50, 2), windows(2000, 3)], 1);
  assert.equal(all.length, 10_000);
  for (const falseAlarm of [1, 2, 3]) assert.equal(countOf(all, falseAlarm), 200);
});

test('all false alarms together are 20 % of what is trained on at most, each an equal part of it', () => {
  const all = withTaught(
    windows(8000, large),
    Array.from({ length: 40 }, (_, index) => windows(3, index + 1)),
    1,
  );
  assert.equal(all.length, 10_000);
  for (let falseAlarm = 1; falseAlarm <= 40; falseAlarm += 1) assert.equal(countOf(all, falseAlarm), 50);
});

test('a false alarm’s windows are repeated evenly, or thinned out evenly', () => {
  const [few, many] = [Float32Array.from([1, 2, 3]), Float32Array.from({ length: 1000 }, (_, i) => i + 10)];
  const all = withTaught(windows(960, large), [few, many], 1);
  assert.deepEqual(
    [1, 2, 3].map((value) => countOf(all, value)),
    [7, 7, 6],
  );
  assert.deepEqual([...all.slice(980, 983)], [10, 60, 110]);
});

test('the shares hold for any number of quiet windows and false alarms', () => {
  fc.assert(
    fc.property(
      fc.nat(5000),
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 300 }),
      (quiet, sizes) => {
        const all = withTaught(
          windows(quiet, large),
          sizes.map((size, index) => windows(size, index + 1)),
          1,
        );
        const taught = all.length - quiet;
        assert.ok(taught <= all.length * taughtShare(sizes.length) + 1e-6);
        assert.ok(taught > all.length * taughtShare(sizes.length) - 2);
        const parts = sizes.map((_, index) => countOf(all, index + 1));
        assert.ok(parts.every((part) => Math.abs(part - taught / sizes.length) <= 1));
      },
    ),
    { numRuns: 50 },
  );
});

test('a taught window larger than the typical quiet one is scaled down to its size, and a smaller one stays', () => {
  const quiet = Float32Array.from([1, 1, 2, 0, 3, 4, ...windows(194, 1)]);
  const [huge, small] = [Float32Array.from([30, 40]), Float32Array.from([0.5, 0.25])];
  const all = withTaught(quiet, [huge, small], 2);
  const [first, second] = [all.slice(quiet.length, quiet.length + 2), all.slice(-2)];
  assert.ok(Math.abs(Math.hypot(...first) / Math.SQRT2 - 1) < 1e-6, 'as large as the typical one');
  assert.ok(Math.abs((first[1] ?? 0) / (first[0] ?? 1) - 4 / 3) < 1e-6, 'of the same shape');
  assert.deepEqual(second, small);
});

test('of each false alarm as many windows are kept as were asked for, in the order of the numbers', () => {
  const taught = new TaughtWindows(3, 2, seededRandom(1));
  for (let i = 0; i < 100; i += 1) taught.offer(7, Float32Array.from([i, i]));
  taught.offer(2, Float32Array.from([5, 6]));
  const [first, second] = taught.taken();
  assert.deepEqual([first?.falseAlarm, [...(first?.windows ?? [])]], [2, [5, 6]]);
  assert.deepEqual([second?.falseAlarm, second?.windows.length], [7, 6]);
});
