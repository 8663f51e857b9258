import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { DetectionModel } from '@verdict/detection';
import { DatabaseUnavailable, UnusableVersion } from '@verdict/storage';
import { EpochLost, encodeReadings, StreamUnavailable } from '@verdict/streams';
import type { PoolOrders } from '../model/pool-orders.ts';
import { scriptBlock } from '../testing/reading-script.fixture.ts';
import {
  eventually,
  hurriedClock,
  meanModel,
  ScriptedWorld,
  shopOrders,
} from '../testing/scripted-detector.fixture.ts';
import { blameVersion } from './blame-version.ts';
import { HeldPartitions } from './held-partitions.ts';
import type { ModelsAtHand } from './partition-run.ts';
import { VersionTroubles, versionToServe } from './version-troubles.ts';

/** Orders to serve a version, with one to fall back to. */
function orders(version: number, fallback: number | null = null): PoolOrders {
  return {
    ...shopOrders(version),
    plan: { revision: version, partitions: { 0: { version, shadow: null, fallback } } },
  };
}

/** Versions of which one has a net that throws when `isBroken` says so. */
function models(bad: number, isBroken: (rows: number) => boolean): ModelsAtHand {
  const of = (version: number): DetectionModel => {
    const model = meanModel(version);
    if (version !== bad || model.network === null) return model;
    const { network } = model;
    return {
      ...model,
      network: {
        inputWidth: network.inputWidth,
        run: (rows, count) =>
          isBroken(count) ? Promise.reject(new Error('bad net')) : network.run(rows, count),
      },
    };
  };
  return { ready: of, load: async (version) => of(version), failure: () => null };
}

/** Versions of which one cannot be loaded until the reason is null; another reason is another failed load. */
function unloadable(bad: number, why: () => Error | null): ModelsAtHand {
  const { ready, load } = models(-1, () => false);
  const failure = (version: number) => (version === bad ? why() : null);
  return {
    failure,
    ready: (version) => (failure(version) === null ? ready(version) : null),
    load: async (version) => {
      const error = failure(version);
      if (error !== null) throw error;
      return load(version);
    },
  };
}

/** A partition at work; `send(n)` sends n events of 4 readings, `until(n)` waits for as many commits of events. */
function working(t: TestContext, change: { models: ModelsAtHand }, first: PoolOrders) {
  const world = new ScriptedWorld();
  let now = first;
  world.orders = () => now;
  const held = new HeldPartitions();
  const stop = new AbortController();
  const done = world.claim(world.parts(change), stop.signal, held);
  t.after(() => stop.abort());
  let sent = 0;
  return {
    world,
    entry: () => held.all()[0],
    version: () => held.all()[0]?.run?.memory.engine.version ?? null,
    reason: (version: number) => held.all()[0]?.troubles.reason(version) ?? null,
    plan: (next: PoolOrders) => {
      now = next;
    },
    /** Sends so many events of four readings and waits until they are committed. */
    async pass(events: number): Promise<void> {
      for (let event = 0; event < events; event += 1, sent += 1)
        await world.send([encodeReadings([scriptBlock('shop/cart', sent * 4 + 200, sent * 4 + 204)])]);
      await eventually(() => world.store.checkpoint === sent - 1);
      assert.equal(world.store.checkpoint, sent - 1, held.all()[0]?.reason ?? '');
    },
    /** Everything that was sent was scored, once, and nothing was given up. */
    async stop(): Promise<void> {
      stop.abort();
      await done;
      assert.equal(world.store.counted.readings, 4 * sent);
      assert.equal(world.store.deadLetters.size, 0);
      assert.deepEqual(world.store.writtenTwice, []);
    },
  };
}

test('a version that throws at the swap leaves the old one serving, and is tried again', async (t) => {
  let broken = true;
  const at = working(t, { models: models(2, () => broken) }, orders(1));
  await at.pass(40);
  assert.equal(at.version(), 1);
  at.plan(orders(2));
  await eventually(() => (at.world.store.failures.get(2) ?? 0) >= 2);
  await at.pass(20);
  assert.equal(at.version(), 1);
  assert.equal(at.entry()?.state, 'running');
  assert.match(at.reason(2) ?? '', /version 2 fails: bad net/);
  assert.deepEqual(
    at.world.store.spans.map(({ version }) => version),
    [1],
  );
  assert.equal((await at.world.metrics.restarts.get()).values.length, 0, 'it never stood still');
  broken = false;
  await eventually(() => at.version() === 2);
  await at.pass(3);
  assert.equal(at.reason(2), null);
  await at.stop();
});

test('a version whose net throws while it scores gives way to the fallback, and no reading is lost', async (t) => {
  // Calibration asks for many windows at once, scoring for two per signal.
  const at = working(t, { models: models(2, (count) => count <= 4) }, orders(1));
  await at.pass(40);
  at.plan(orders(2, 1));
  await eventually(() => at.version() === 2);
  await at.pass(60);
  assert.ok((at.world.store.failures.get(2) ?? 0) >= 1);
  assert.match(at.reason(2) ?? '', /bad net/);
  assert.ok(![...at.world.store.figures].some(([version, { readings }]) => version === 2 && readings > 0));
  at.plan(orders(1));
  await eventually(() => at.version() === 1 && at.entry()?.state === 'running');
  const { failures } = at.world.store;
  const before = failures.get(2);
  await at.pass(60);
  assert.equal(at.version(), 1);
  assert.equal(failures.get(2), before, 'nobody tries it again once the plan has gone back');
  await at.stop();
});

test('without a fallback the built-in version stands in', async (t) => {
  const at = working(t, { models: models(1, (count) => count <= 4) }, orders(0));
  await at.pass(40);
  at.plan(orders(1));
  await at.pass(20);
  await eventually(() => (at.world.store.failures.get(1) ?? 0) >= 2);
  await at.pass(20);
  await at.stop();
  assert.equal(at.world.store.figures.get(1)?.readings ?? 0, 0);
  assert.equal(at.world.store.figures.get(0)?.readings, 320);
});

test('a version that fails on what it has scored once does not hold the partition up for ever', async () => {
  const world = new ScriptedWorld();
  let broken = false;
  const change = { models: models(1, () => broken) };
  const { limits } = world.parts();
  const rare = { ...limits, snapshotMs: 1e9, snapshotReadings: 1e9 };
  world.orders = () => orders(1);
  const body = (event: number) =>
    encodeReadings([scriptBlock('shop/cart', event * 4 + 200, event * 4 + 204)]);
  await world.send(Array.from({ length: 50 }, (_, event) => body(event)));
  const stop = new AbortController();
  const first = world.claim(world.parts({ ...change, limits: rare }), stop.signal);
  await eventually(() => world.store.checkpoint === 49);
  // Without the snapshot of the stop everything is replayed; and now the net throws.
  const before = [...world.store.snapshots];
  stop.abort();
  await first;
  for (const { blob } of world.store.snapshots)
    if (!before.some((one) => one.blob === blob)) world.blobs.blobs.delete(blob);
  broken = true;
  await world.send([body(50), body(51)]);
  await world.workUpTo(51, change);
  assert.equal(world.store.checkpoint, 51);
  assert.equal(world.store.counted.readings, 208);
  assert.equal(world.store.deadLetters.size, 0);
  assert.deepEqual(world.store.writtenTwice, []);
});

test('a version that is missing is held against it once per failed load, and serves when it has come', async (t) => {
  let why: Error | null = new UnusableVersion('model.onnx is missing');
  const at = working(t, { models: unloadable(2, () => why) }, orders(1));
  await at.pass(10);
  at.plan(orders(2));
  await eventually(() => at.world.store.failures.get(2) === 1);
  await at.pass(30);
  assert.equal(at.world.store.failures.get(2), 1, 'one load failed');
  assert.match(at.reason(2) ?? '', /model.onnx is missing/);
  why = new UnusableVersion('model.onnx has another SHA-256');
  await eventually(() => at.world.store.failures.get(2) === 2);
  assert.equal(at.version(), 1);
  why = null;
  await eventually(() => at.version() === 2);
  await at.pass(3);
  await at.stop();
  assert.equal(at.world.store.failures.get(2), 2);
});

test('blobs that cannot be reached are not held against the version that waits for them', async (t) => {
  let why: Error | null = new Error('connection refused');
  const at = working(t, { models: unloadable(2, () => why) }, orders(1));
  at.plan(orders(2));
  await at.pass(30);
  why = null;
  await eventually(() => at.version() === 2);
  await at.stop();
  assert.equal(at.world.store.failures.size, 0);
});

test('a version that was lost after it scored does not hold the partition up for ever', async () => {
  const world = new ScriptedWorld();
  world.orders = () => orders(1);
  const body = (event: number) =>
    encodeReadings([scriptBlock('shop/cart', event * 4 + 200, event * 4 + 204)]);
  await world.send(Array.from({ length: 50 }, (_, event) => body(event)));
  await world.workUpTo(49);
  const lost = new UnusableVersion('model.onnx is missing');
  await world.send([body(50), body(51)]);
  await world.workUpTo(51, { models: unloadable(1, () => lost) });
  assert.equal(world.store.checkpoint, 51);
  assert.equal(world.store.counted.readings, 208);
  assert.equal(world.store.failures.get(1), 1);
  assert.equal(world.store.spans.at(-1)?.version, 0);
});

test('an outage or a lost lease is not held against a version, and every error goes on to the caller', async () => {
  const world = new ScriptedWorld();
  const blamed = { partition: '0', version: 3, troubles: new VersionTroubles(hurriedClock()) };
  const fail = (error: Error) =>
    assert.rejects(
      blameVersion(world.parts(), blamed, () => Promise.reject(error)),
      (it) => it === error,
    );
  for (const error of [new DatabaseUnavailable('down'), new StreamUnavailable('down'), new EpochLost('old')])
    await fail(error);
  assert.equal(world.store.failures.size, 0);
  assert.equal(blamed.troubles.reason(3), null);
  await fail(new TypeError('bad net'));
  assert.equal(world.store.failures.get(3), 1);
  assert.equal(blamed.troubles.reason(3), 'version 3 fails: bad net');
  assert.equal(await blameVersion(world.parts(), blamed, async () => 7), 7);
});

test('a failure that cannot be counted does not hide the failure itself', async () => {
  const world = new ScriptedWorld();
  world.store.failed = async () => {
    throw new DatabaseUnavailable('down');
  };
  world.orders = () => orders(1);
  const parts = world.parts({ models: models(1, () => true) });
  await world.send([encodeReadings([scriptBlock('shop/cart', 0, 200)])]);
  const held = new HeldPartitions();
  const reasons = new Set<string | null>();
  const stop = new AbortController();
  const done = world.claim(parts, stop.signal, held);
  await eventually(() => {
    reasons.add(held.all()[0]?.reason ?? null);
    return world.store.checkpoint === 0;
  });
  stop.abort();
  await done;
  assert.deepEqual([...reasons], [null, 'bad net']);
});

test('the version to serve is the planned one, the one in force, the fallback or the built-in one, whichever does not fail', () => {
  const troubles = new VersionTroubles(hurriedClock(0));
  const plan = { version: 3, shadow: null, fallback: 2 };
  const serve = (inForce: number) => versionToServe(plan, inForce, troubles);
  assert.equal(serve(1), 3);
  troubles.note(3, 'fails');
  assert.equal(serve(1), 1);
  assert.equal(serve(3), 2);
  troubles.note(2, 'fails too');
  assert.equal(serve(3), 0);
  assert.equal(serve(0), 0);
  troubles.note(0, 'a bug');
  assert.ok(troubles.mayTry(0));
  troubles.settle(3);
  assert.equal(serve(1), 3);
  troubles.keepOnly([3]);
  assert.equal(troubles.reason(2), null);
});
