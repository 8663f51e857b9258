import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DoorRules } from '@verdict/contracts';
import { CounterMemory } from './counter-memory.ts';
import type { Sample } from './sample.ts';

const memory = (counters: object = {}) => new CounterMemory(DoorRules.parse({ counters }).counters);
const sample = (seconds: number, value: number, change: Partial<Sample> = {}): Sample => ({
  labels: new Map([['__name__', 'requests_total']]),
  timeMs: seconds * 1000,
  value,
  kind: 'counter',
  startMs: null,
  stale: false,
  points: 1,
  ...change,
});
const each = (of: CounterMemory, ...samples: Sample[]) =>
  samples.map((one) => {
    const round = of.begin();
    const value = round.valueOf(one);
    round.commit();
    return value;
  });

test('a counter becomes its increase per second, and a restart is no fall', () => {
  assert.deepEqual(
    each(memory(), sample(0, 100), sample(10, 150), sample(20, 150), sample(30, 20), sample(35, 30)),
    ['first_of_counter', 5, 0, 2, 2],
  );
  assert.deepEqual(each(memory({ as: 'step' }), sample(0, 100), sample(10, 150), sample(20, 20)), [
    'first_of_counter',
    50,
    20,
  ]);
  assert.deepEqual(each(memory({ as: 'raw' }), sample(0, 100), sample(10, 20)), [100, 20]);
});

test('a restart is also seen by the time since which is counted, though the total did not shrink', () => {
  const values = each(memory(), sample(0, 100, { startMs: 0 }), sample(10, 150, { startMs: 5000 }));
  assert.deepEqual(values, ['first_of_counter', 15]);
  assert.deepEqual(each(memory(), sample(10, 100, { startMs: 500 }), sample(20, 150, { startMs: 600 })), [
    'first_of_counter',
    5,
  ]);
});

test('increases are divided by their own interval, and need no memory', () => {
  const increase = { kind: 'increase', startMs: 0 } as const;
  const of = memory();
  assert.deepEqual(each(of, sample(10, 50, increase)), [5]);
  assert.equal(of.size, 0);
  assert.deepEqual(each(memory({ as: 'step' }), sample(10, 50, increase)), [50]);
  const unknown = { kind: 'increase' } as const;
  assert.deepEqual(each(memory(), sample(0, 1, unknown), sample(10, 50, unknown)), ['first_of_counter', 5]);
});

test('after a pause, or when the source ended, a counter begins anew', () => {
  assert.deepEqual(each(memory({ gapSeconds: 60 }), sample(0, 1), sample(61, 100), sample(70, 109)), [
    'first_of_counter',
    'first_of_counter',
    1,
  ]);
  assert.deepEqual(each(memory(), sample(0, 1), sample(5, Number.NaN, { stale: true }), sample(10, 9)), [
    'first_of_counter',
    'stale',
    'first_of_counter',
  ]);
});

test('what was not committed is said again when the request is repeated', () => {
  const of = memory();
  each(of, sample(0, 0));
  assert.equal(of.begin().valueOf(sample(10, 10)), 1);
  const round = of.begin();
  assert.deepEqual([round.valueOf(sample(10, 10)), round.valueOf(sample(20, 30))], [1, 2]);
  round.commit();
  assert.equal(of.begin().valueOf(sample(20, 30)), 'repeated_counter');
  assert.equal(of.begin().valueOf(sample(15, 20)), 'repeated_counter');
});

test('labels in another order are the same source, others are not, and memory is bounded', () => {
  const of = memory({ remembered: 1000 });
  const labels = (...pairs: [string, string][]) => ({ labels: new Map(pairs) });
  each(of, sample(0, 0, labels(['a', '1'], ['b', '2'])));
  assert.deepEqual(each(of, sample(1, 5, labels(['b', '2'], ['a', '1']))), [5]);
  assert.deepEqual(each(of, sample(1, 5, labels(['b', '1'], ['a', '2']))), ['first_of_counter']);
  for (let source = 0; source < 1500; source++) each(of, sample(0, 0, labels(['n', String(source)])));
  assert.equal(of.size, 1000);
  assert.deepEqual(each(of, sample(2, 5, labels(['a', '1'], ['b', '2']))), ['first_of_counter']);
});
