import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { EpochLost } from '@verdict/streams';
import fc from 'fast-check';
import { decodeSnapshot } from './state/snapshot-codec.ts';
import { MortalLife } from './testing/mortal.fixture.ts';
import { scriptEvents } from './testing/reading-script.fixture.ts';
import { eventually, ScriptedWorld, shopOrders } from './testing/scripted-detector.fixture.ts';
import { readingTexts } from './testing/scripted-partition-store.fixture.ts';

const bodies = scriptEvents();
const last = bodies.length - 1;
/** The first event that version 1 scores. */
const swapAt = 33;

/** A world where the plan changes, and further events come, as soon as event `swapAt - 1` is committed. */
async function worldWithSwap(): Promise<ScriptedWorld> {
  const world = new ScriptedWorld();
  await world.send(bodies.slice(0, swapAt));
  let changed = false;
  world.orders = () => {
    if (!changed && world.store.checkpoint === swapAt - 1) {
      changed = true;
      void world.send(bodies.slice(swapAt));
    }
    return shopOrders(changed ? 1 : 0);
  };
  return world;
}

/** Everything that must not depend on who died when. */
function resultsOf({ store, blobs }: ScriptedWorld) {
  const newest = store.snapshots[0]?.blob ?? '';
  const snapshot = decodeSnapshot(blobs.blobs.get(newest) ?? new Uint8Array());
  return {
    history: [...store.history].sort(),
    tails: snapshot.tails.flatMap(({ series, rows }) => readingTexts(series, rows)).sort(),
    engine: createHash('sha256').update(snapshot.engine).digest('hex'),
    series: snapshot.series,
    anomalies: [...store.anomalies].sort(),
    deadLetters: [...store.deadLetters].sort(),
    counted: store.counted,
    checkpoint: store.checkpoint,
    spans: store.spans,
    // Ordered per anomaly; how anomalies mix depends on where batches are cut.
    posted: store.posted
      .map(({ anomalyId, revision, kind }) => `${anomalyId} ${revision} ${kind}`)
      .sort((a, b) => a.slice(0, 24).localeCompare(b.slice(0, 24))),
  };
}

async function undisturbed(): Promise<ScriptedWorld> {
  const world = await worldWithSwap();
  await world.workUpTo(last);
  return world;
}

test('the script has everything that may happen', async () => {
  const { store, told } = await undisturbed();
  const reasons = [...store.deadLetters.values()].map(({ reason }) => reason);
  assert.ok(reasons.includes('late') && reasons.includes('undecodable'));
  assert.ok(store.counted.duplicates > 20, `${store.counted.duplicates} duplicates`);
  assert.ok(store.anomalies.size >= 3, `${store.anomalies.size} anomalies`);
  assert.deepEqual(
    store.spans.map(({ fromSequence, version }) => [fromSequence, version]),
    [
      [0, 0],
      [swapAt, 1],
    ],
  );
  assert.ok(![...store.history.keys()].some((key) => key.startsWith('bank/')));
  assert.equal(store.statuses.get('shop/cart')?.state, 'scored');
  assert.equal(told.length, store.posted.length);
});

test('whenever a detector is killed, the results are those of an undisturbed run, bit for bit', async () => {
  const expected = resultsOf(await undisturbed());
  const kills = fc.array(fc.nat({ max: 250 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(kills, fc.integer({ min: 1, max: 5 }), async (lives, events) => {
      const world = await worldWithSwap();
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

for (const lost of [1, 2])
  test(`with the newest ${lost} of two snapshots damaged, the results are the same after a longer replay`, async () => {
    const expected = resultsOf(await undisturbed());
    const world = await worldWithSwap();
    const stop = new AbortController();
    const working = world.claim(world.parts(), stop.signal);
    await eventually(() => world.store.checkpoint >= swapAt + 2);
    stop.abort();
    await working;
    assert.equal(world.store.snapshots.length, 2);
    const [newest, older] = world.store.snapshots.map(({ blob }) => blob);
    world.blobs.blobs.set(newest ?? '', Uint8Array.of(1, 2, 3));
    if (lost === 2) world.blobs.blobs.delete(older ?? '');
    await world.workUpTo(last);
    assert.deepEqual(resultsOf(world), expected);
    assert.deepEqual(world.store.writtenTwice, []);
    const unusable = await world.metrics.snapshotsUnusable.get();
    assert.equal(unusable.values[0]?.value, lost);
  });

test('a detector whose epoch is old writes nothing more', async () => {
  const world = new ScriptedWorld();
  await world.send(bodies);
  const stop = new AbortController();
  const working = world.claim(world.parts(), stop.signal);
  await eventually(() => world.store.commits >= 3);
  world.store.epoch += 1;
  const before = JSON.stringify([world.store.checkpoint, world.store.commits, [...world.store.history]]);
  await assert.rejects(working, EpochLost);
  assert.equal(stop.signal.aborted, false);
  assert.equal(
    JSON.stringify([world.store.checkpoint, world.store.commits, [...world.store.history]]),
    before,
  );
});
