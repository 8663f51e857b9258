import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

const served = (version: number, fallback: number | null) => ({ version, shadow: null, fallback });
const plan = (partition: ReturnType<typeof served>) => ({ revision: 2, partitions: { '0': partition } });

test('an aborted version is taken back to the one accepted before it, and is no fallback', () => {
  const versions = [
    { version: 1, state: 'accepted' as const },
    { version: 2, state: 'accepted' as const },
    { version: 3, state: 'aborted' as const },
  ];
  const next = nextPlan({ plan: plan(served(3, 2)), partitions: ['0'], versions });
  assert.deepEqual(next, { '0': served(2, 1) });
  assert.equal(
    nextPlan({ plan: { revision: 3, partitions: next ?? {} }, partitions: ['0'], versions }),
    null,
  );
});

test('a fallback that was aborted is replaced while its successor serves on', () => {
  const versions = [
    { version: 1, state: 'aborted' as const },
    { version: 2, state: 'accepted' as const },
  ];
  assert.deepEqual(nextPlan({ plan: plan(served(2, 1)), partitions: ['0'], versions }), {
    '0': served(2, 0),
  });
});

test('without any accepted version the built-in one serves again, without a fallback', () => {
  const versions = [{ version: 1, state: 'aborted' as const }];
  assert.deepEqual(nextPlan({ plan: plan(served(1, 0)), partitions: ['0'], versions }), {
    '0': served(0, null),
  });
});

test('a partition that the hub does not tell of just now keeps being planned', () => {
  const versions = [{ version: 1, state: 'accepted' as const }];
  assert.equal(nextPlan({ plan: plan(served(1, 0)), partitions: [], versions }), null);
  const next = nextPlan({ plan: plan(served(1, 0)), partitions: ['1'], versions });
  assert.deepEqual(next, { '0': served(1, 0), '1': served(1, 0) });
});

test('writing the next plan settles it, whatever states versions are in', () => {
  const states = ['candidate', 'accepted', 'refused', 'aborted', 'retired'] as const;
  const version = fc.nat({ max: 4 });
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...states), { maxLength: 4 }),
      fc.dictionary(
        fc.constantFrom('0', '1', '2'),
        fc.record({ version, shadow: fc.constant(null), fallback: fc.option(version) }),
      ),
      (list, present) => {
        const versions = list.map((state, index) => ({ version: index + 1, state }));
        const situation = { plan: { revision: 1, partitions: present }, partitions: ['0', '1'], versions };
        const next = nextPlan(situation) ?? present;
        assert.equal(nextPlan({ ...situation, plan: { revision: 2, partitions: next } }), null);
        for (const { version, fallback } of Object.values(next)) {
          assert.ok(version === 0 || list[version - 1] === 'accepted');
          assert.ok(fallback === null || fallback === 0 || list[fallback - 1] === 'accepted');
          assert.notEqual(fallback, version);
        }
      },
    ),
  );
});
