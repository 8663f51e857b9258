import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Partitions } from './fleet.ts';
import { missingDetectors } from './missing-detectors.ts';

const partitions = ['0', '1', '2', '3'];
const plan = (...versions: number[]): Partitions =>
  Object.fromEntries(
    versions.map((version, index) => [String(index), { version, shadow: null, fallback: null }]),
  );
const missing = (
  change: { plan: Partitions; next: Partitions; forward: number | null },
  ready: Record<number, number>,
) => {
  const detectors = new Map(
    Object.entries(ready).map(([version, count]) => [Number(version), { ready: count }]),
  );
  return missingDetectors({ replicas: 4, partitions, detectors, ...change });
};

test('a step forward waits for the whole share of the candidate', () => {
  const step = { plan: plan(1, 1, 1, 1), next: plan(2, 2, 1, 1), forward: 2 };
  assert.deepEqual(missing(step, { 1: 4 }), [{ version: 2, ready: 0, needed: 2 }]);
  assert.deepEqual(missing(step, { 1: 4, 2: 1 }), [{ version: 2, ready: 1, needed: 2 }]);
  assert.deepEqual(missing(step, { 1: 4, 2: 2 }), []);
});

test('a way back waits for one detector alone', () => {
  const back = { plan: plan(2, 2, 1, 1), next: plan(1, 1, 1, 1), forward: null };
  assert.deepEqual(missing(back, { 1: 1, 2: 2 }), []);
  assert.deepEqual(missing(back, { 1: 0, 2: 2 }), [{ version: 1, ready: 0, needed: 1 }]);
});

test('nothing is waited for where those that serve are gone as well', () => {
  const back = { plan: plan(2, 2, 2, 2), next: plan(1, 1, 1, 1), forward: null };
  assert.deepEqual(missing(back, { 1: 0, 2: 0 }), []);
});

test('a plan that only names another fallback or shadow waits for nobody', () => {
  const next = { '0': { version: 1, shadow: 2, fallback: 0 } };
  assert.deepEqual(missing({ plan: plan(1), next, forward: 2 }, {}), []);
});
