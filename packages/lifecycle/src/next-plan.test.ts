import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextPlan } from './next-plan.ts';

const partitions = ['0', '1'];
const empty = { revision: 0, partitions: {} };

test('nothing changes while only version 0 exists', () => {
  assert.equal(nextPlan({ plan: empty, partitions, versions: [] }), null);
});

test('an accepted version goes to every partition and the one before stays as fallback', () => {
  const next = nextPlan({ plan: empty, partitions, versions: [{ version: 1, state: 'accepted' }] });
  const wanted = { version: 1, shadow: null, fallback: 0 };
  assert.deepEqual(next, { '0': wanted, '1': wanted });
});

test('a refused version never serves', () => {
  assert.equal(nextPlan({ plan: empty, partitions, versions: [{ version: 1, state: 'refused' }] }), null);
});

test('a plan that is as wanted is not written again', () => {
  const served = { version: 2, shadow: null, fallback: 1 };
  const plan = { revision: 3, partitions: { '0': served, '1': served } };
  const versions = [
    { version: 1, state: 'accepted' as const },
    { version: 2, state: 'accepted' as const },
  ];
  assert.equal(nextPlan({ plan, partitions, versions }), null);
});
