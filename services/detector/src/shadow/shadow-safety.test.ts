import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionSpan } from '@verdict/storage';
import fc from 'fast-check';
import { MortalLife } from '../testing/mortal.fixture.ts';
import { scriptEvents } from '../testing/reading-script.fixture.ts';
import { eventually, type ScriptedWorld, tiltedModels } from '../testing/scripted-detector.fixture.ts';
import { memoriesOf, resultsOf, stagedWorld } from '../testing/staged-world.fixture.ts';

/** So long that nets look, and the versions differ, when they change places. */
const script = scriptEvents(85);
const last = script.length - 1;

/** A rollout that is taken back, one that is promoted, and the built-in version beside; memories change meanwhile. */
const stages: readonly VersionSpan[] = [
  { fromSequence: 0, version: 1, overlay: 0, shadow: null },
  { fromSequence: 38, version: 1, overlay: 0, shadow: 2 },
  { fromSequence: 44, version: 1, overlay: 1, shadow: 2 },
  { fromSequence: 55, version: 2, overlay: 1, shadow: 1 },
  { fromSequence: 57, version: 2, overlay: 2, shadow: 1 },
  { fromSequence: 59, version: 1, overlay: 2, shadow: null },
  { fromSequence: 61, version: 3, overlay: 2, shadow: 1 },
  { fromSequence: 66, version: 3, overlay: 4, shadow: 0 },
  { fromSequence: 70, version: 0, overlay: 4, shadow: 3 },
  { fromSequence: 73, version: 3, overlay: 2, shadow: null },
  { fromSequence: 78, version: 3, overlay: 2, shadow: 1 },
];
const models = { models: tiltedModels };
const overlays = await memoriesOf(stages);
const newWorld = () => stagedWorld(stages, overlays, script);

async function undisturbed(): Promise<ScriptedWorld> {
  const world = await newWorld();
  await world.workUpTo(last, models);
  return world;
}

test('every change of the plan is followed at its border, and every two versions are compared', async () => {
  const { store } = await undisturbed();
  assert.deepEqual(store.spans, stages);
  assert.deepEqual(store.shadowTroubles, []);
  const pairs = [...store.comparisons].filter(([, { readings }]) => readings > 0).map(([pair]) => pair);
  assert.deepEqual(pairs, [
    '1 beside it 2',
    '2 beside it 1',
    '3 beside it 1',
    '3 beside it 0',
    '0 beside it 3',
  ]);
  const compared = [...store.comparisons.values()].reduce((sum, { readings }) => sum + readings, 0);
  const differently = [...store.comparisons.values()].filter(({ scoreDifference }) => scoreDifference > 0);
  assert.ok(differently.length >= 3, `${differently.length} pairs differ`);
  assert.ok(compared > 250 && compared < store.counted.readings);
});

test('whenever a detector is killed, scores, comparisons and the state of both versions are those of an undisturbed run', async () => {
  const expected = resultsOf(await undisturbed());
  assert.notEqual(expected.shadow, null);
  const kills = fc.array(fc.nat({ max: 250 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(kills, fc.integer({ min: 1, max: 5 }), async (lives, events) => {
      const world = await newWorld();
      for (const steps of lives) {
        const life = new MortalLife(steps);
        const { limits } = world.parts();
        const batch = { ...limits.batch, events };
        const parts = world.mortalParts(life, { ...models, limits: { ...limits, batch } });
        const stop = new AbortController();
        const working = world.claim(parts, stop.signal);
        await Promise.race([life.death, eventually(() => world.store.checkpoint >= last)]);
        stop.abort();
        await Promise.race([life.death, working]);
      }
      await world.workUpTo(last, models);
      assert.deepEqual(resultsOf(world), expected);
      assert.deepEqual(world.store.writtenTwice, []);
    }),
    { numRuns: 40 },
  );
});

/** Works until this event is committed at least, and is killed there: what comes after the newest snapshot is lost. */
async function killedAt(world: ScriptedWorld, event: number, snapshotReadings = 1e9): Promise<void> {
  const stop = new AbortController();
  const life = new MortalLife(Number.POSITIVE_INFINITY);
  const parts = world.parts(models);
  const limits = { ...parts.limits, snapshotMs: 1e9, snapshotReadings };
  const { store } = world;
  const commit: typeof store.commit = async (batch) => {
    const answer = await store.commit(batch);
    if (batch.checkpoint < event) return answer;
    life.kill();
    return new Promise<never>(() => undefined);
  };
  const mortal = world.mortalParts(life, { ...models, limits });
  const working = world.claim({ ...mortal, store: life.mortal(bound(store, { commit })) }, stop.signal);
  await Promise.race([life.death, working]);
}

/** The same object with other methods. */
function bound<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

// In shadow; with the takeover alone behind the snapshot; on the way back; after the swap to a copy.
for (const event of [42, 52, 54, 55, 56, 58, 60, 63, 71, 77])
  for (const damaged of [0, 1])
    test(`killed at event ${event} with ${damaged} damaged snapshots, the next holder goes on as if nothing had happened`, async () => {
      const expected = resultsOf(await undisturbed());
      const world = await newWorld();
      await killedAt(world, event);
      const [newest] = world.store.snapshots;
      if (damaged === 1) world.blobs.blobs.set(newest?.blob ?? '', Uint8Array.of(1, 2, 3));
      await world.workUpTo(last, models);
      assert.deepEqual(resultsOf(world), expected);
    });
