import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RolloutCommand } from '@verdict/contracts';
import fc from 'fast-check';
import { choosePartitions } from './choose-partitions.ts';
import { nextRollout } from './next-rollout.ts';
import { Pool } from './rollout.fixture.ts';

const kinds = ['pause', 'resume', 'promote', 'abort', 'rollback'] as const;
/** Something that happens seldom. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const tick = fc.record({
  seconds: fc.integer({ min: 0, max: 600 }),
  command: seldom(fc.record({ kind: fc.constantFrom(...kinds), version: fc.nat({ max: 5 }) })),
  train: seldom(fc.constantFrom('accepted' as const, 'refused' as const)),
  rate: fc.constantFrom(0.5, 1, 1, 1, 1, 1, 1, 1, 200),
  pausedBySpec: seldom(fc.constant(true)).map((paused) => paused ?? false),
  hubAnswers: fc.constantFrom(true, true, true, false),
  crash: fc.constantFrom('none', 'none', 'before storing', 'before writing the plan'),
});

function commandOf(
  index: number,
  one: { kind: (typeof kinds)[number]; version: number } | null,
): RolloutCommand | null {
  if (!one) return null;
  const id = String(index);
  return one.kind === 'rollback' ? { id, kind: 'rollback', version: one.version } : { id, kind: one.kind };
}

function happens(pool: Pool, index: number, one: typeof tick extends fc.Arbitrary<infer T> ? T : never) {
  pool.nowMs += one.seconds * 1000;
  pool.candidateRate = one.rate;
  pool.spec = { ...pool.spec, paused: one.pausedBySpec };
  pool.partitions = one.hubAnswers ? ['0', '1', '2', '3', '4'] : [];
  if (one.train) pool.versions = [...pool.versions, { version: pool.versions.length + 1, state: one.train }];
  return commandOf(index, one.command);
}

test('whatever happens, a second look changes nothing, a crash changes nothing, and no aborted version serves', () => {
  fc.assert(
    fc.property(fc.array(tick, { maxLength: 100, size: 'max' }), fc.boolean(), (ticks, empty) => {
      const steady = new Pool(empty ? null : undefined);
      const crashing = new Pool(empty ? null : undefined);
      for (const [index, one] of ticks.entries()) {
        const command = happens(steady, index, one);
        steady.look(command);
        const again = nextRollout(steady.state, steady.situation(command));
        // That the registry now knows of a version put in again is noted without anything being written elsewhere.
        const { reinstated } = again.state;
        assert.deepEqual(
          [again.state, again.plan, again.events],
          [{ ...steady.state, reinstated }, null, []],
        );
        assert.deepEqual(again.versionStates, []);

        happens(crashing, index, one);
        const lost = nextRollout(crashing.state, crashing.situation(command));
        if (one.crash === 'before writing the plan') crashing.state = JSON.parse(JSON.stringify(lost.state));
        crashing.look(command);
        assert.deepEqual([crashing.state, crashing.plan], [steady.state, steady.plan]);

        const { aborted, candidate, champion } = steady.state;
        assert.ok(!aborted.includes(champion) && (candidate === null || !aborted.includes(candidate)));
        for (const { version, shadow, fallback } of Object.values(steady.plan.partitions)) {
          assert.ok(version === champion || version === candidate);
          assert.ok(shadow === null || (shadow !== version && candidate !== null));
          assert.ok(fallback !== version && (fallback === null || !aborted.includes(fallback)));
        }
      }
    }),
    { numRuns: 120 },
  );
});

test('an abort at any moment restores exactly the plan that was in force before the rollout', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90 }), fc.boolean(), (tens, empty) => {
      const pool = new Pool(empty ? null : undefined);
      if (empty) pool.versions = [];
      pool.look();
      const before = structuredClone(pool.plan.partitions);
      pool.versions = [...pool.versions, { version: 2, state: 'accepted' }];
      pool.look();
      pool.live(tens * 10);
      pool.look({ id: 'abort', kind: 'abort' });
      assert.deepEqual(pool.plan.partitions, before);
    }),
    { numRuns: 40 },
  );
});

test('the partitions of a share are the same at every call, as many as asked for, and contain those of smaller shares', () => {
  const share = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      share,
      share,
      fc.nat({ max: 9 }),
      fc.array(fc.nat({ max: 3 }), { maxLength: 40 }),
      (count, one, other, candidate, traffic) => {
        const partitions = Array.from({ length: count }, (_, index) => String(index));
        const readings = Object.fromEntries(traffic.map((many, index) => [String(index), many]));
        const at = (asked: number, from: readonly string[]) =>
          choosePartitions({ partitions: from, share: asked, candidate, chosen: [], readings });
        const [less, more] = [at(Math.min(one, other), partitions), at(Math.max(one, other), partitions)];
        assert.ok(less.length >= 1 && less.every((partition) => more.includes(partition)));
        assert.equal(more.length, Math.max(1, Math.ceil(Math.max(one, other) * count - 1e-9)));
        assert.deepEqual(at(one, partitions.toReversed()), at(one, partitions));
        const busy = partitions.some((partition) => (readings[partition] ?? 0) > 0);
        if (busy) assert.ok(less.some((partition) => (readings[partition] ?? 0) > 0));
      },
    ),
  );
});
