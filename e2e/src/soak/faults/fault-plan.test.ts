import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from './fault.ts';
import { faultPlan } from './fault-plan.ts';

const on = { detectors: 3, partitions: 6 };
const take = (plan: Generator<Fault, never>, count: number): Fault[] =>
  Array.from({ length: count }, () => plan.next().value);
const signalsOf = (faults: readonly Fault[]) =>
  faults.flatMap((fault) => (fault.kind === 'signal' ? [`${fault.part} ${fault.signal}`] : []));

test('the same seed gives the same faults, another one others', () => {
  for (const lane of ['signals', 'others'] as const) {
    const faults = take(faultPlan(7, on)[lane], 60);
    assert.deepEqual(take(faultPlan(7, on)[lane], 60), faults);
    assert.notDeepEqual(take(faultPlan(8, on)[lane], 60), faults);
  }
});

test('within three rounds every part gets every signal, in each round once', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const parts = 7;
    const faults = signalsOf(take(faultPlan(seed, on).signals, 3 * parts));
    assert.equal(new Set(faults).size, 3 * parts);
    const first = faults.slice(0, parts).map((name) => name.split(' ')[0]);
    assert.equal(new Set(first).size, parts);
  }
});

test('of three detectors one is killed, one frozen and one asked to stop in every round', () => {
  const faults = signalsOf(take(faultPlan(3, on).signals, 7)).filter((name) => name.startsWith('detector'));
  assert.deepEqual(faults.map((name) => name.split(' ')[1]).sort(), ['SIGKILL', 'SIGSTOP', 'SIGTERM']);
});

test('a round has errors in both kinds of stores, swaps, memories, clocks and a rebalance', () => {
  const kinds = take(faultPlan(5, on).others, 10).map((fault) =>
    fault.kind === 'errors' ? `errors ${fault.of}` : fault.kind,
  );
  assert.deepEqual([...new Set(kinds)].sort(), [
    'clock',
    'errors blobs',
    'errors database',
    'memory',
    'rebalance',
    'versions',
  ]);
});
