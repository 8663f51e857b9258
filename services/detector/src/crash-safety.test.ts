import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { QuietPattern } from '@verdict/detection';
import type { VersionSpan } from '@verdict/storage';
import { EpochLost } from '@verdict/streams';
import fc from 'fast-check';
import { noOverlay, type Overlay } from './model/overlay-shelf.ts';
import { decodeSnapshot } from './state/snapshot-codec.ts';
import { MortalLife } from './testing/mortal.fixture.ts';
import { scriptEvents } from './testing/reading-script.fixture.ts';
import { eventually, ScriptedWorld, shopOrders } from './testing/scripted-detector.fixture.ts';
import { readingTexts, type ScriptedPartitionStore } from './testing/scripted-partition-store.fixture.ts';

const bodies = scriptEvents();
const last = bodies.length - 1;
/** What is in force from which event on: a memory comes, versions change, memories grow, go and come back. */
const stages: readonly VersionSpan[] = [
  { fromSequence: 0, version: 0, overlay: 0 },
  { fromSequence: 20, version: 0, overlay: 1 },
  { fromSequence: 33, version: 1, overlay: 1 },
  { fromSequence: 37, version: 1, overlay: 2 },
  { fromSequence: 38, version: 1, overlay: 3 },
  { fromSequence: 40, version: 1, overlay: 1 },
  { fromSequence: 42, version: 2, overlay: 4 },
  { fromSequence: 45, version: 2, overlay: 2 },
];

/** A world where orders change, and further events come, as soon as the event before a stage is committed. */
async function worldOf(
  spans: readonly VersionSpan[],
  overlays: ReadonlyMap<number, Overlay>,
): Promise<ScriptedWorld> {
  const world = new ScriptedWorld();
  for (const [number, overlay] of overlays) world.overlays.set(number, overlay);
  const end = (stage: number) => spans[stage + 1]?.fromSequence ?? bodies.length;
  await world.send(bodies.slice(0, end(0)));
  let stage = 0;
  world.orders = () => {
    if (stage + 1 < spans.length && world.store.checkpoint === end(stage) - 1) {
      stage += 1;
      void world.send(bodies.slice(spans[stage]?.fromSequence, end(stage)));
    }
    const { version = 0, overlay = 0 } = spans[stage] ?? {};
    return { ...shopOrders(version), overlay: world.overlays.get(overlay) ?? noOverlay };
  };
  return world;
}

/** Memories of what alarms when there are none: each of some of the series. */
async function memories(): Promise<Map<number, Overlay>> {
  const loud = await worldOf(
    stages.map((stage) => ({ ...stage, overlay: 0 })),
    new Map(),
  );
  await loud.workUpTo(last);
  const quiet = (series: string): [string, readonly QuietPattern[]] => [
    series,
    [...loud.store.anomalies.values()]
      .filter((one) => one.series === series)
      .flatMap(({ patterns }) => patterns.map((pattern) => ({ pattern, untilMs: Number.MAX_SAFE_INTEGER }))),
  ];
  const of = (number: number, ...series: string[]): [number, Overlay] => [
    number,
    { number, memory: new Map(series.map(quiet)) },
  ];
  const [cart, checkout, payment] = ['shop/cart', 'shop/checkout', 'shop/payment-late'];
  return new Map([of(1, cart), of(2, cart, checkout), of(3, checkout), of(4, cart, payment)]);
}
const overlays = await memories();

const stagedWorld = () => worldOf(stages, overlays);

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
    figures: [...store.figures],
    // Ordered per anomaly; how anomalies mix depends on where batches are cut.
    posted: store.posted
      .map(({ anomalyId, revision, kind }) => `${anomalyId} ${revision} ${kind}`)
      .sort((a, b) => a.slice(0, 24).localeCompare(b.slice(0, 24))),
  };
}

async function undisturbed(): Promise<ScriptedWorld> {
  const world = await stagedWorld();
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
      const world = await stagedWorld();
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
  test(`with the newest ${lost} of two snapshots damaged at event ${stopAt}, the results are the same after a longer replay`, async () => {
    const expected = resultsOf(await undisturbed());
    const world = await stagedWorld();
    const stop = new AbortController();
    const parts = world.parts();
    const limits = { ...parts.limits, snapshotMs: 1e9, snapshotReadings };
    const store = withCommit(world.store, async (batch) => {
      const answer = await world.store.commit(batch);
      if (batch.checkpoint >= stopAt) stop.abort();
      return answer;
    });
    await world.claim({ ...parts, limits, store }, stop.signal);
    assert.equal(world.store.snapshots.length, 2);
    assert.equal(world.store.snapshots[1]?.sequence, older);
    const [newest, second] = world.store.snapshots.map(({ blob }) => blob);
    world.blobs.blobs.set(newest ?? '', Uint8Array.of(1, 2, 3));
    if (lost === 2) world.blobs.blobs.delete(second ?? '');
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
