import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RolloutCommand } from '@verdict/contracts';
import fc from 'fast-check';
import { type Behaviour, type Crash, PoolWorld } from './pool-world.fixture.ts';

const kinds = ['pause', 'resume', 'promote', 'abort', 'rollback'] as const;
const behaviours: Behaviour[] = ['sane', 'sane', 'sane', 'floods', 'alarms', 'blind', 'throws', 'unloadable'];
const crashes: Crash[] = ['none', 'none', 'record', 'states', 'plan'];
/** Something that happens seldom. */
const seldom = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const command = fc.record({ kind: fc.constantFrom(...kinds), version: fc.nat({ max: 6 }) });
const happening = fc.record({
  seconds: fc.constantFrom(1, 2, 2, 15, 30, 300),
  commands: fc.oneof(
    { weight: 8, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(command, { minLength: 1, maxLength: 3 }) },
  ),
  learns: seldom(fc.constantFrom(...behaviours)),
  turns: seldom(fc.constantFrom(...behaviours)),
  forgets: seldom(fc.constantFrom('retired' as const, 'aborted' as const)),
  told: fc.constantFrom(true, true, true, false),
  pausedBySpec: fc.constantFrom(false, false, false, false, true),
  crash: fc.constantFrom(...crashes),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happens(world: PoolWorld, index: number, one: Happening): void {
  world.flow(one.seconds);
  world.told = one.told ? ['0', '1', '2', '3'] : [];
  world.pool.spec.rollout.paused = one.pausedBySpec;
  const newest = world.versions.length;
  if (one.forgets)
    world.versions = world.versions.map((known) =>
      known.version === newest ? { ...known, state: one.forgets ?? known.state } : known,
    );
  if (one.turns) world.behaviours.set(newest, one.turns);
  if (one.learns) world.add(newest + 1, one.learns);
  for (const [nth, { kind, version }] of one.commands.entries()) {
    const id = `${index}-${nth}`;
    const asked: RolloutCommand = kind === 'rollback' ? { id, kind, version } : { id, kind };
    world.ask(asked);
  }
}

const atHome = {
  steps: [
    { share: 0.01, pauseSeconds: 4 },
    { share: 0.5, pauseSeconds: 4 },
    { share: 1, pauseSeconds: 4 },
  ],
  analysis: { intervalSeconds: 3, minimumReadings: 20, progressDeadlineSeconds: 30, failureLimit: 2 },
};
function newWorld(shadowSeconds = 0): PoolWorld {
  const world = new PoolWorld({ 0: 9, 1: 7, 2: 0, 3: 11 }, { ...atHome, shadowSeconds });
  world.shadowsScored = shadowSeconds > 0;
  return world;
}
const shadowSeconds = fc.constantFrom(0, 4);
const facts = ({ pool, versions }: PoolWorld) => [
  pool.rollout.state,
  pool.rollout.baseline,
  pool.rollout.commands,
  pool.plan.partitions,
  versions,
];

test('whatever happens to a pool, a crash between any two writes is made good by the next look, and a second look writes nothing', () => {
  fc.assert(
    fc.property(shadowSeconds, fc.array(happening, { maxLength: 80, size: 'max' }), (beside, all) => {
      const steady = newWorld(beside);
      const crashing = newWorld(beside);
      for (const [index, one] of all.entries()) {
        happens(steady, index, one);
        steady.look();
        happens(crashing, index, one);
        crashing.look(one.crash);
        crashing.look();
        // What is written follows from the state alone, but for the note that the registry knows of a version again.
        steady.look();
        crashing.look();
        assert.deepEqual(facts(crashing), facts(steady));
        const { update, versionStates, plan } = steady.round();
        assert.deepEqual([update, versionStates, plan], [null, [], null]);
        assert.deepEqual(crashing.said, steady.said);

        const { state, baseline, commands } = steady.pool.rollout;
        assert.deepEqual(commands, []);
        if (!state) continue;
        assert.equal(baseline?.atMs ?? null, state.candidate === null ? null : state.analysedToMs);
        for (const { version, shadow, fallback } of Object.values(steady.pool.plan.partitions)) {
          assert.ok(version === state.champion || version === state.candidate);
          assert.ok(!state.aborted.includes(version) && fallback !== version);
          const other: number | null = version === state.champion ? state.candidate : state.champion;
          assert.equal(shadow, beside > 0 ? other : null);
        }
      }
    }),
    { numRuns: 150 },
  );
});

test('whatever people ask meanwhile but a rollback or a promotion, no bad version stays', () => {
  const asked = fc.record({
    atSecond: fc.nat({ max: 400 }),
    kind: fc.constantFrom('pause' as const, 'resume' as const, 'abort' as const),
  });
  const bad = behaviours.filter((behaviour) => behaviour !== 'sane');
  fc.assert(
    fc.property(
      fc.constantFrom(...bad),
      shadowSeconds,
      fc.array(asked, { maxLength: 6 }),
      (behaviour, beside, commands) => {
        const world = newWorld(beside);
        world.live(120);
        world.add(1, behaviour);
        for (let second = 0; second < 600; second += 2) {
          for (const [index, { atSecond, kind }] of commands.entries())
            if (atSecond === second || atSecond === second + 1) world.ask({ id: `${index}`, kind });
          world.live(2);
        }
        assert.ok(world.served().every((version) => version === 0));
        // Paused before it began, it waits; begun, it was taken back.
        const { state } = world;
        assert.ok(state && state.candidate === null && (state.aborted.includes(1) || state.paused));
      },
    ),
    { numRuns: 40 },
  );
});
