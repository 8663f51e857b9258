import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionSpan } from '@verdict/storage';
import { EpochLost } from '@verdict/streams';
import fc from 'fast-check';
import { MortalLife } from './testing/mortal.fixture.ts';
import { eventually, ScriptedWorld } from './testing/scripted-detector.fixture.ts';
import type { ScriptedPartitionStore } from './testing/scripted-partition-store.fixture.ts';
import { bodies, last, memoriesOf, resultsOf, stagedWorld } from './testing/staged-world.fixture.ts';

/** What is in force from which event on: a memory comes, versions change, memories grow, go and come back. */
const stages: readonly VersionSpan[] = [
  { fromSequence: 0, version: 0, overlay: 0, shadow: null },
  { fromSequence: 20, version: 0, overlay: 1, shadow: null },
  { fromSequence: 33, version: 1, overlay: 1, shadow: null },
  { fromSequence: 37, version: 1, overlay: 2, shadow: null },
  { fromSequence: 38, version: 1, overlay: 3, shadow: null },
  { fromSequence: 40, version: 1, overlay: 1, shadow: null },
  { fromSequence: 42, version: 2, overlay: 4, shadow: null },
  { fromSequence: 45, version: 2, overlay: 2, shadow: null },
];

const overlays = await memoriesOf(stages);
const newWorld = () => stagedWorld(stages, overlays);

async function undisturbed(): Promise<ScriptedWorld> {
  const world = await newWorld();
  await world.workUpTo(last);
  return world;
}

test('the script has everything that may happen', async () => {
  const { store, told } = await undisturbed();
  const reasons = [...store.deadLetters.values()].map(({ reason }) => reason);
  assert.ok(reasons.includes('late') && reasons.includes('undecodable'));
  assert.ok(store.counted.duplicates > 20, `${store.counted.duplicates} duplicates`);
  assert.ok(store.anomalies.size >= 3, `${store.anomalies.size} anomalies`);
  assert.deepEqual(store.spans, stages);
  assert.deepEqual([...store.figures.keys()], [0, 1, 2]);
  for (const [version, { quieted, readings }] of store.figures)
    assert.ok(quieted >= 2, `version ${version}: ${quieted} of ${readings} quieted`);
  const readings = [...store.figures.values()].reduce((sum, one) => sum + one.readings, 0);
  assert.equal(readings, store.counted.readings);
  assert.ok(![...store.history.keys()].some((key) => key.startsWith('bank/')));
  assert.equal(store.statuses.get('shop/cart')?.state, 'scored');
  assert.equal(told.length, store.posted.length);
});

test('whenever a detector is killed, the results are those of an undisturbed run, bit for bit', async () => {
  const expected = resultsOf(await undisturbed());
  const kills = fc.array(fc.nat({ max: 250 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(kills, fc.integer({ min: 1, max: 5 }), async (lives, events) => {
      const world = await newWorld();
      for (const steps of lives) {
        const life = new MortalLife(steps);
        const { limits } = world.parts();
        const parts = world.mortalParts(life, { limits: { ...limits, batch: { ...limits.batch, events } } });
        const stop = new AbortController();
        const working = world.claim(parts, stop.signal);
        await Promise.race([life.death, eventually(() => world.store.checkpoint >= last)]);
        stop.abort();
        await Promise.race([life.death, working]);
      }
      await world.workUpTo(last);
      assert.deepEqual(resultsOf(world), expected);
      assert.deepEqual(world.store.writtenTwice, []);
      assertToldInOrder(world);
    }),
    { numRuns: 60 },
  );
});

/** Every change was told at least once; first tellings are in the order of the commits. */
function assertToldInOrder({ store, told }: ScriptedWorld): void {
  const posted = store.posted.map(({ anomalyId, revision }) => `${anomalyId} ${revision}`);
  assert.deepEqual([...new Set(told)], posted);
}

/** The same store, with another way to commit. */
function withCommit(store: ScriptedPartitionStore, commit: ScriptedPartitionStore['commit']) {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit') return commit;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

for (const [lost, stopAt, snapshotReadings, older] of [
  // The older snapshot lies within a span, and what follows it is quieted.
  [1, 27, 50, 22],
  // Snapshots at changes of the version alone (and at the end), so that memories change in the replay.
  [1, 39, 1e9, 32],
  [1, 47, 1e9, 41],
  [2, 47, 1e9, 41],
] as const)
  test(`with the newest ${lost} snapshots damaged at event ${stopAt}, the results are the same after a longer replay`, async () => {
    const expected = resultsOf(await undisturbed());
    const world = await newWorld();
    const stop = new AbortController();
    const parts = world.parts();
    const limits = { ...parts.limits, snapshotMs: 1e9, snapshotReadings };
    const store = withCommit(world.store, async (batch) => {
      const answer = await world.store.commit(batch);
      if (batch.checkpoint >= stopAt) stop.abort();
      return answer;
    });
    await world.claim({ ...parts, limits, store }, stop.signal);
    assert.equal(world.store.snapshots[1]?.sequence, older);
    const [newest, second] = world.store.snapshots.map(({ blob }) => blob);
    world.blobs.blobs.set(newest ?? '', Uint8Array.of(1, 2, 3));
    if (lost === 2) world.blobs.blobs.delete(second ?? '');
    await world.workUpTo(last);
    assert.deepEqual(resultsOf(world), expected);
    assert.deepEqual(world.store.writtenTwice, []);
    const unusable = await world.metrics.snapshotsUnusable.get();
    assert.equal(unusable.values[0]?.value, 1, 'what follows one that cannot be used is not even looked at');
  });

test('a detector whose epoch is old writes nothing more', async () => {
  const world = new ScriptedWorld();
  await world.send(bodies);
  const stop = new AbortController();
  const state = () => JSON.stringify([world.store.checkpoint, world.store.commits, [...world.store.history]]);
  let before = '';
  const store = withCommit(world.store, async (batch) => {
    const answer = await world.store.commit(batch);
    if (world.store.commits === 3) {
      world.store.epoch += 1;
      before = state();
    }
    return answer;
  });
  await assert.rejects(world.claim(world.parts({ store }), stop.signal), EpochLost);
  assert.equal(stop.signal.aborted, false);
  assert.equal(state(), before);
});
