import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AlarmPattern } from '@verdict/contracts';
import { openFolderBlobs, openStores, type Stores } from '@verdict/storage';
import { storeTest } from '@verdict/storage/testing';
import { EpochLost } from '@verdict/streams';
import { consumePartition } from './claim/consume-partition.ts';
import { HeldPartitions } from './claim/held-partitions.ts';
import type { PartitionRun } from './claim/partition-run.ts';
import { noOverlay, OverlayShelf } from './model/overlay-shelf.ts';
import { MortalLife } from './testing/mortal.fixture.ts';
import { scriptEvents } from './testing/reading-script.fixture.ts';
import {
  eventually,
  pool,
  ScriptedWorld,
  shopOrders,
  tiltedModels,
} from './testing/scripted-detector.fixture.ts';
import { readingTexts } from './testing/scripted-partition-store.fixture.ts';

const database = storeTest();
const folder = await mkdtemp(join(tmpdir(), 'verdict-detector-'));
after(() => rm(folder, { recursive: true, force: true }));

const bodies = scriptEvents();
const last = bodies.length - 1;
const expiryMs = 60_000;

/** Events from which on another state of the false-alarm memory is in force. */
const memoryAt = [20, 36, 43] as const;

/** Version and shadow before the first of them, and from each on. */
const served = [
  [0, null],
  [0, 1],
  [1, 0],
  [0, 1],
] as const;

/** A hub in memory, the stores in a database of their own, the blobs in a folder; memories and versions change in mid-stream. */
async function realWorld(name: string) {
  const world = new ScriptedWorld();
  const db = await database.database();
  const stores = openStores(db);
  const entry = (series: string) => {
    const patterns = [400, 100, 25, 6].flatMap((size): AlarmPattern[] => [
      { cpu: size, mem: size },
      { cpu: size },
      { cpu: -size },
    ]);
    return { anomalyId: series.padEnd(24, '0'), series, patterns, untilMs: Number.MAX_SAFE_INTEGER };
  };
  await stores.overlays.amend(pool, { add: [entry('shop/cart'), entry('shop/checkout')], remove: [] });
  await stores.overlays.amend(pool, { add: [], remove: ['shop/checkout'.padEnd(24, '0')] });
  await stores.overlays.amend(pool, { add: [entry('shop/payment-late')], remove: [] });
  const shelf = new OverlayShelf(stores.overlays, pool, world.parts());
  const states = await Promise.all([0, 1, 2, 3].map((number) => shelf.load(number)));
  let state = 0;
  let committed = -1;
  await world.send(bodies.slice(0, memoryAt[0]));
  world.orders = () => {
    if (committed === (memoryAt[state] ?? 0) - 1) {
      state += 1;
      void world.send(bodies.slice(memoryAt[state - 1], memoryAt[state]));
    }
    const [version, shadow] = served[state] ?? [0, null];
    return { ...shopOrders(version, undefined, shadow), overlay: states[state] ?? noOverlay };
  };
  const partitions: typeof stores.partitions = {
    ...stores.partitions,
    commit: async (batch) => {
      const answer = await stores.partitions.commit(batch);
      committed = batch.checkpoint;
      return answer;
    },
  };
  const blobs = await openFolderBlobs(join(folder, name));
  return { db, world, stores: { ...stores, partitions }, blobs, overlays: shelf };
}
type RealWorld = Awaited<ReturnType<typeof realWorld>>;

/** A new holder, as if the one before had died and its lease run out; lives for so many steps. */
async function live(real: RealWorld, holder: string, steps: number): Promise<PartitionRun | null> {
  const { world, stores, blobs, overlays } = real;
  const member = { holder, address: null, pinnedVersion: null };
  const claimed = await stores.leases.claim({ group: pool, partition: '0', member, expiryMs });
  assert.ok(claimed, 'the lease is free');
  const life = new MortalLife(steps);
  const change = { store: stores.partitions, blobs, overlays, models: tiltedModels };
  const parts = steps === Number.POSITIVE_INFINITY ? world.parts(change) : world.mortalParts(life, change);
  const held = new HeldPartitions();
  const stop = new AbortController();
  const ref = { pool, partition: '0', epoch: claimed.epoch, holder };
  const working = consumePartition(parts, { ref, held, signal: stop.signal });
  const isDone = () => held.all()[0]?.run?.checkpoint === last;
  await Promise.race([life.death, eventually(isDone, 200_000)]);
  const run = held.all()[0]?.run ?? null;
  stop.abort();
  await Promise.race([life.death, working]);
  // What the database does when a dead holder's lease has expired.
  await stores.leases.release({ group: pool, partition: '0', holder, epoch: claimed.epoch });
  return run;
}

/** Everything that must not depend on who died when. */
async function resultsOf(stores: Stores, run: PartitionRun) {
  const range = { pool, fromMs: 0, toMs: Date.now(), limit: 10_000 };
  const history: [string, string][] = [];
  for await (const { series, rows } of stores.history.readPool(pool, range.fromMs, range.toMs))
    history.push(...readingTexts(series, rows));
  const tails = run.memory.ledger.entries().flatMap(({ series: key }) => {
    const tail = run.memory.tails.whole(key);
    return tail === null ? [] : readingTexts(key, tail.rows);
  });
  const { items } = await stores.anomalies.list({ limit: 500 });
  const series = await stores.series.list({ limit: 100 });
  const letters = await stores.series.deadLetters();
  const { partitions } = await stores.plans.poolState(pool);
  return {
    readings: [...history, ...tails].sort(),
    anomalies: items.map(({ verdicts: _, ...anomaly }) => anomaly),
    series: series.map(({ series: key, readings, state, openAnomaly }) => [
      key,
      readings,
      state,
      openAnomaly,
    ]),
    letters,
    checkpoint: partitions[0]?.checkpoint,
    figures: (await stores.rollouts.figures(pool)).map(({ sinceMs: _, ...life }) => life),
    shadows: (await stores.rollouts.shadows(pool)).map(({ sinceMs: _, ...life }) => life),
  };
}

test('on real PostgreSQL, kills leave the results of an undisturbed run, and every reading once', async () => {
  const calm = await realWorld('calm');
  const calmRun = await live(calm, 'calm', Number.POSITIVE_INFINITY);
  assert.ok(calmRun);
  const expected = await resultsOf(calm.stores, calmRun);
  assert.equal(expected.checkpoint, last);
  assert.ok(expected.anomalies.length >= 2 && (expected.letters.late ?? 0) > 0);
  assert.ok((expected.figures[0]?.quieted ?? 0) >= 4, `${expected.figures[0]?.quieted} quieted`);

  assert.deepEqual(
    expected.shadows.map(({ version, shadow, readings, trouble }) => [
      version,
      shadow,
      readings > 50,
      trouble,
    ]),
    [
      [0, 1, true, null],
      [1, 0, true, null],
    ],
  );

  const real = await realWorld('killed');
  for (const [life, steps] of [9, 61, 90, 47, 130, 75].entries()) await live(real, `mortal-${life}`, steps);
  const run = await live(real, 'last', Number.POSITIVE_INFINITY);
  assert.ok(run);
  const results = await resultsOf(real.stores, run);
  assert.equal(results.letters.poisonous ?? 0, 0, 'lives were so short that an event was given up');
  assert.deepEqual(results, expected);
  const keys = results.readings.map(([key]) => key);
  assert.equal(new Set(keys).size, keys.length, 'a reading is there twice');
  // What a dead holder was still writing when the last one came goes with the next claim.
  await live(real, 'heir', Number.POSITIVE_INFINITY);
  const blobs = await real.blobs.list('state/');
  const referred = await real.db.query<{ blob: string }>('SELECT blob FROM snapshot ORDER BY blob');
  assert.deepEqual(
    blobs,
    referred.map(({ blob }) => blob),
  );
});

test('a commit of a lost epoch writes nothing to PostgreSQL', async () => {
  const { world, stores, blobs } = await realWorld('lost');
  const member = (holder: string) => ({ holder, address: null, pinnedVersion: null });
  const group = pool;
  const first = await stores.leases.claim({ group, partition: '0', member: member('zombie'), expiryMs: 1 });
  const store: typeof stores.partitions = {
    ...stores.partitions,
    commit: async (batch) => {
      // The lease expires and goes to somebody else between scoring and commit.
      if (batch.checkpoint >= 20)
        await stores.leases.claim({ group, partition: '0', member: member('heir'), expiryMs });
      return stores.partitions.commit(batch);
    },
  };
  const ref = { pool, partition: '0', epoch: first?.epoch ?? 0, holder: 'zombie' };
  const held = new HeldPartitions();
  const never = new AbortController().signal;
  const working = consumePartition(world.parts({ store, blobs }), { ref, held, signal: never });
  await assert.rejects(working, EpochLost);
  const { partitions } = await stores.plans.poolState(pool);
  assert.equal(partitions[0]?.holder, 'heir');
  assert.ok((partitions[0]?.checkpoint ?? 99) < 20);
  assert.deepEqual(held.all(), []);
});
