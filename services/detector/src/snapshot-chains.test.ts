import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionSpan } from '@verdict/storage';
import fc from 'fast-check';
import type { DetectorParts } from './claim/partition-run.ts';
import { SnapshotLoad } from './claim/snapshot-load.ts';
import { MortalLife } from './testing/mortal.fixture.ts';
import { eventually, type ScriptedWorld } from './testing/scripted-detector.fixture.ts';
import { last, memoriesOf, resultsOf, stagedWorld } from './testing/staged-world.fixture.ts';

/** A learnt version comes, with the built-in one beside it for a while. */
const stages: readonly VersionSpan[] = [
  { fromSequence: 0, version: 0, overlay: 0, shadow: null },
  { fromSequence: 18, version: 1, overlay: 0, shadow: 0 },
  { fromSequence: 31, version: 1, overlay: 1, shadow: null },
];
const overlays = await memoriesOf(stages);
const newWorld = () => stagedWorld(stages, overlays);

/** A snapshot after every few readings. */
function often(world: ScriptedWorld, snapshotReadings: number) {
  return { ...world.parts().limits, snapshotMs: 1e9, snapshotReadings };
}

/** Works until this event is committed, and stops cleanly behind that batch. */
async function workTo(
  world: ScriptedWorld,
  event: number,
  snapshotReadings: number,
  change: Pick<Partial<DetectorParts>, 'snapshotLoad'> = {},
): Promise<void> {
  const stop = new AbortController();
  const { store } = world;
  const commit: typeof store.commit = async (batch) => {
    const answer = await store.commit(batch);
    if (batch.checkpoint >= event) stop.abort();
    return answer;
  };
  const stopping = new Proxy(store, {
    get: (target, name) => {
      const member: unknown = name === 'commit' ? commit : Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  const limits = often(world, snapshotReadings);
  const batch = { ...limits.batch, events: 2 };
  await world.claim(world.parts({ ...change, limits: { ...limits, batch }, store: stopping }), stop.signal);
}

async function undisturbed(): Promise<ScriptedWorld> {
  const world = await newWorld();
  await world.workUpTo(last);
  return world;
}

/** What becomes of the blob of a snapshot. */
const fates = ['whole', 'whole', 'whole', 'gone', 'short', 'altered', 'another'] as const;

function spoil(world: ScriptedWorld, blob: string, fate: (typeof fates)[number]): void {
  const { blobs } = world.blobs;
  const bytes = Uint8Array.from(blobs.get(blob) ?? []);
  if (fate === 'gone') blobs.delete(blob);
  if (fate === 'short') blobs.set(blob, bytes.subarray(0, bytes.length >> 1));
  if (fate === 'altered') blobs.set(blob, bytes.fill(7, bytes.length >> 1, (bytes.length >> 1) + 8));
  if (fate === 'another') blobs.set(blob, [...blobs.values()].at(-1) ?? bytes);
}

test('whichever snapshots of both chains are lost or damaged, at whatever events, the results are those of an undisturbed run', async () => {
  const expected = resultsOf(await undisturbed());
  const damage = fc.record({
    after: fc.integer({ min: 2, max: 12 }),
    fates: fc.array(fc.constantFrom(...fates), { minLength: 1, maxLength: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(damage, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 4, max: 60 }),
      async (damages, snapshotReadings) => {
        const world = await newWorld();
        let event = -1;
        for (const { after, fates: drawn } of damages) {
          event = Math.min(last, event + after);
          await workTo(world, event, snapshotReadings);
          for (const [place, { blob }] of world.store.snapshots.entries())
            spoil(world, blob, drawn[place % drawn.length] ?? 'whole');
        }
        await world.workUpTo(last);
        assert.deepEqual(resultsOf(world), expected);
        assert.deepEqual(world.store.writtenTwice, []);
      },
    ),
    { numRuns: 25 },
  );
});

test('whenever a detector is killed while blobs fail now and then, the results are the same, and nothing is left that nobody refers to', async () => {
  const expected = resultsOf(await undisturbed());
  const lives = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(lives, fc.integer({ min: 2, max: 9 }), async (steps, everyPut) => {
      const world = await newWorld();
      let puts = 0;
      const put: typeof world.blobs.put = async (name, bytes) => {
        puts += 1;
        if (puts % everyPut === 0) throw new Error('the blob store is away');
        await world.blobs.put(name, bytes);
      };
      const { get, delete: remove, list } = world.blobs;
      const blobs = {
        put,
        get: get.bind(world.blobs),
        delete: remove.bind(world.blobs),
        list: list.bind(world.blobs),
      };
      for (const count of steps) {
        const life = new MortalLife(count);
        const parts = world.mortalParts(life, { limits: often(world, 12), blobs: life.mortal(blobs) });
        const stop = new AbortController();
        const working = world.claim({ ...parts, blobs: life.mortal(blobs) }, stop.signal);
        await Promise.race([life.death, eventually(() => world.store.checkpoint >= last)]);
        stop.abort();
        await Promise.race([life.death, working]);
      }
      await world.workUpTo(last);
      assert.deepEqual(resultsOf(world), expected);
      assert.deepEqual(world.store.writtenTwice, []);
      await world.workUpTo(last);
      const referred = world.store.snapshots.map(({ blob }) => blob).sort();
      assert.deepEqual(await world.blobs.list('state/'), referred);
    }),
    { numRuns: 25 },
  );
});

test('changes follow a whole snapshot, at most twice the limit, and the next holder goes on with them', async () => {
  const world = await newWorld();
  const { snapshotChain } = world.parts().limits;
  let event = 0;
  let passedOn = 0;
  let longest = 0;
  for (; world.store.checkpoint < last; event += 1) {
    const [before] = world.store.snapshots;
    await workTo(world, world.store.checkpoint + 1, 1e9);
    const [newest] = world.store.snapshots;
    const head = newest?.base ?? newest?.blob;
    longest = Math.max(longest, world.store.snapshots.filter(({ base }) => base === head).length);
    if (before !== undefined && before !== newest && head === (before.base ?? before.blob)) passedOn += 1;
    assert.ok(world.store.snapshots.filter(({ base }) => base === null).length <= 2);
  }
  assert.ok(longest >= 2 && longest <= 2 * snapshotChain, `${longest} changes behind a whole snapshot`);
  assert.ok(passedOn >= 5, `${passedOn} of ${event} holders went on with the chain of the one before`);
  await world.workUpTo(last);
  assert.deepEqual(resultsOf(world), resultsOf(await undisturbed()));
});

test('a partition that is given back without time for a last snapshot goes on from the one before', async () => {
  const world = await newWorld();
  const snapshotLoad = new SnapshotLoad();
  snapshotLoad.takeLast = () => false;
  const stops = [9, 24, 40];
  const newest: number[] = [];
  for (const event of stops) {
    await workTo(world, event, 1e9, { snapshotLoad });
    assert.ok(world.store.checkpoint >= event);
    newest.push(world.store.snapshots[0]?.sequence ?? -1);
  }
  assert.deepEqual(newest, [-1, 17, 30], 'only versions that changed were followed by snapshots');
  await world.workUpTo(last);
  assert.deepEqual(resultsOf(world), resultsOf(await undisturbed()));
  assert.deepEqual(world.store.writtenTwice, []);
});
