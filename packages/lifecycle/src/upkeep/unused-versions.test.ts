import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RolloutState, VersionState } from '@verdict/contracts';
import fc from 'fast-check';
import { unusedVersions, type VersionUse, versionsInUse } from './unused-versions.ts';

const nothing: VersionUse = { plan: { partitions: {} }, rollout: null, commands: [], inForce: [] };
const planned = (version: number, shadow: number | null = null, fallback: number | null = null) => ({
  version,
  shadow,
  fallback,
});
const all = (count: number, state: VersionState = 'accepted') =>
  Array.from({ length: count }, (_, index) => ({ version: index + 1, state }));
const rollout = (more: Partial<RolloutState>) =>
  ({ champion: 0, candidate: null, fallback: null, before: {}, reinstated: null, ...more }) as RolloutState;

test('whatever a plan, a rollout, a waiting command or a partition names is in use', () => {
  const use: VersionUse = {
    plan: { partitions: { 0: planned(9, 8, 7) } },
    rollout: rollout({ champion: 6, candidate: 5, fallback: 4, before: { 0: planned(3) }, reinstated: 2 }),
    commands: [
      { id: 'a', kind: 'pause' },
      { id: 'b', kind: 'rollback', version: 1 },
    ],
    inForce: [11, 0],
  };
  assert.deepEqual(
    [...versionsInUse(use)].sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11],
  );
});

test('older versions are unused beyond the newest that are kept', () => {
  const use = { ...nothing, plan: { partitions: { 0: planned(10, null, 2) } } };
  assert.deepEqual(unusedVersions(all(10), use, 3), [1, 3, 4, 5, 6, 7]);
});

test('refused versions do not push out those that served', () => {
  const versions = all(12).map((one) => (one.version > 4 ? { ...one, state: 'refused' as const } : one));
  const use = { ...nothing, plan: { partitions: { 0: planned(4) } } };
  assert.deepEqual(unusedVersions(versions, use, 3), [1, 5, 6, 7, 8, 9]);
});

test('one that is still to be tried is kept, and what is retired is not retired again', () => {
  const use = { ...nothing, plan: { partitions: { 0: planned(2) } } };
  assert.deepEqual(unusedVersions(all(9), use, 2), [1]);
  assert.deepEqual(unusedVersions(all(9, 'retired'), use, 2), []);
  assert.deepEqual(unusedVersions(all(9), null, 2), []);
});

test('nothing in use and none of the newest is ever retired', () => {
  const state = fc.constantFrom<VersionState>('candidate', 'accepted', 'refused', 'aborted', 'retired');
  fc.assert(
    fc.property(
      fc.array(state, { maxLength: 30 }),
      fc.array(fc.nat(30), { maxLength: 5 }),
      fc.integer({ min: 1, max: 10 }),
      (states, inForce, keep) => {
        const versions = states.map((one, index) => ({ version: index + 1, state: one }));
        const gone = unusedVersions(versions, { ...nothing, inForce }, keep);
        assert.ok(gone.every((version) => !inForce.includes(version)));
        const newest = versions
          .filter((one) => one.state !== 'retired' && one.state !== 'refused')
          .slice(-keep);
        assert.ok(newest.every(({ version }) => !gone.includes(version)));
      },
    ),
  );
});
