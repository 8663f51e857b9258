import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DetectionModel } from '@verdict/detection';
import { Engine } from '@verdict/detection';
import { DatabaseUnavailable } from '@verdict/storage';
import { encodeReadings, InMemoryHub } from '@verdict/streams';
import { noOverlay } from '../model/overlay-shelf.ts';
import { MortalLife } from '../testing/mortal.fixture.ts';
import { scriptBlock, scriptEvents } from '../testing/reading-script.fixture.ts';
import { eventually, ScriptedWorld, shopOrders } from '../testing/scripted-detector.fixture.ts';
import { HeldPartitions } from './held-partitions.ts';
import type { EngineMaker } from './partition-run.ts';

/** Engines on which one series does what `onPoison` does. */
function poisonedEngines(onPoison: () => Promise<void>): EngineMaker {
  const poisoned = (engine: Engine): Engine => {
    const process = engine.process.bind(engine);
    engine.process = async (blocks) => {
      if (blocks.some(({ series }) => series === 'shop/poison')) await onPoison();
      return process(blocks);
    };
    return engine;
  };
  return {
    fresh: (model: DetectionModel) => poisoned(new Engine({ model })),
    restore: async (bytes, model) => poisoned(await Engine.restore(bytes, { model })),
  };
}

/** Ten events; the poisonous one is the fifth. */
async function sendWithPoison(world: ScriptedWorld): Promise<void> {
  for (let event = 0; event < 10; event += 1) {
    const series = event === 4 ? 'shop/poison' : 'shop/cart';
    await world.send([encodeReadings([scriptBlock(series, event * 4, event * 4 + 4)])]);
  }
}

test('an event on which processing throws goes to dead letters, and the stream goes on behind it', async () => {
  const world = new ScriptedWorld();
  await sendWithPoison(world);
  const engines = poisonedEngines(async () => {
    throw new TypeError('a bug');
  });
  await world.workUpTo(9, { engines });
  assert.equal(world.store.checkpoint, 9);
  const letters = [...world.store.deadLetters.values()];
  assert.deepEqual(
    letters.map(({ sequence, reason }) => [sequence, reason]),
    [[4, 'poisonous']],
  );
  assert.equal(world.store.counted.readings, 36);
});

test('a bug that every event meets stalls the partition instead of emptying it into dead letters', async () => {
  const world = new ScriptedWorld();
  await world.send(
    Array.from({ length: 20 }, (_, at) => encodeReadings([scriptBlock('shop/poison', at, at + 1)])),
  );
  let broken = true;
  let tries = 0;
  const engines = poisonedEngines(async () => {
    tries += 1;
    if (broken) throw new TypeError('a bug');
  });
  const held = new HeldPartitions();
  const stop = new AbortController();
  const working = world.claim(world.parts({ engines }), stop.signal, held);
  await eventually(() => world.store.deadLetters.size === 10);
  const triesBefore = tries;
  await eventually(() => tries >= triesBefore + 10);
  assert.equal(held.all()[0]?.state, 'stalled');
  assert.equal(world.store.checkpoint, 9);
  assert.equal(world.store.deadLetters.size, 10);
  broken = false;
  await eventually(() => world.store.checkpoint === 19);
  stop.abort();
  await working;
  assert.equal(world.store.counted.readings, 10);
});

test('an event on which the process dies goes to dead letters after some deaths', async () => {
  const world = new ScriptedWorld();
  await sendWithPoison(world);
  let deaths = 0;
  for (; deaths < 20 && world.store.checkpoint < 9; deaths += 1) {
    const life = new MortalLife(Number.POSITIVE_INFINITY);
    let die = (): void => undefined;
    const death = new Promise<void>((resolve) => {
      die = resolve;
    });
    const engines = poisonedEngines(() => {
      die();
      return new Promise<never>(() => undefined);
    });
    const stop = new AbortController();
    const working = world.claim(world.mortalParts(life, { engines }), stop.signal);
    await Promise.race([death, eventually(() => world.store.checkpoint >= 9)]);
    stop.abort();
    await Promise.race([death, working]);
  }
  assert.equal(world.store.checkpoint, 9);
  assert.ok(deaths <= 8, `${deaths} deaths`);
  assert.deepEqual(
    [...world.store.deadLetters.values()].map(({ sequence, reason }) => [sequence, reason]),
    [[4, 'poisonous']],
  );
  // A replay from before the poison, because every snapshot is gone, leaves it out as well.
  for (const { blob } of world.store.snapshots) world.blobs.blobs.delete(blob);
  await world.send([encodeReadings([scriptBlock('shop/cart', 40, 44)])]);
  const engines = poisonedEngines(() => assert.fail('the poisonous event was processed again'));
  await world.workUpTo(10, { engines });
  assert.equal(world.store.counted.readings, 40);
});

test('idle claims, however many, make no event suspicious', async () => {
  const world = new ScriptedWorld();
  for (let claim = 0; claim < 6; claim += 1) await world.workUpTo(-1);
  assert.ok(world.store.attempts >= 6);
  await world.send([encodeReadings([scriptBlock('shop/cart', 0, 4)])]);
  await world.workUpTo(0);
  assert.equal(world.store.counted.readings, 4);
  assert.equal(world.store.deadLetters.size, 0);
});

test('a commit whose answer was lost is not counted twice', async () => {
  const world = new ScriptedWorld();
  await world.send(scriptEvents(20));
  const { store } = world;
  const commit = store.commit.bind(store);
  let call = 0;
  store.commit = async (batch) => {
    call += 1;
    if (call % 4 === 1) throw new DatabaseUnavailable('down');
    const answer = await commit(batch);
    if (call % 4 === 3) throw new DatabaseUnavailable('the connection broke behind the commit');
    return answer;
  };
  await world.workUpTo(19);
  const calm = new ScriptedWorld();
  await calm.send(scriptEvents(20));
  await calm.workUpTo(19);
  assert.deepEqual(store.counted, calm.store.counted);
  assert.deepEqual([...store.history].sort(), [...calm.store.history].sort());
  assert.deepEqual(store.writtenTwice, []);
});

test('a database that stays away stalls the partition, which starts over when it is back', async () => {
  const world = new ScriptedWorld();
  await world.send(scriptEvents(20));
  const { store } = world;
  const commit = store.commit.bind(store);
  let away = true;
  store.commit = async (batch) => {
    if (away && batch.checkpoint >= 8) throw new DatabaseUnavailable('down');
    return commit(batch);
  };
  const held = new HeldPartitions();
  const stop = new AbortController();
  const working = world.claim(world.parts(), stop.signal, held);
  await eventually(() => held.all()[0]?.state === 'stalled');
  assert.equal(held.status(() => null)[0]?.reason, 'down');
  away = false;
  await eventually(() => store.checkpoint === 19);
  assert.equal(held.all()[0]?.state, 'running');
  stop.abort();
  await working;
  assert.deepEqual(store.writtenTwice, []);
});

test('a hub that is another one than the checkpoint speaks of stalls the partition', async () => {
  const world = new ScriptedWorld();
  await world.send(scriptEvents(5));
  await world.workUpTo(4);
  const { commits } = world.store;
  const other = new InMemoryHub({ partitionCount: 2, identity: 'made anew' });
  await other.sink().send('0', scriptEvents(10));
  const held = new HeldPartitions();
  const stop = new AbortController();
  const working = world.claim(world.parts({ source: other.source() }), stop.signal, held);
  await eventually(() => held.all()[0]?.state === 'stalled');
  assert.match(held.all()[0]?.reason ?? '', /^HubChanged: the hub is made anew/);
  stop.abort();
  await working;
  assert.equal(world.store.commits, commits);
});

test('events that the hub dropped before they were read are counted, and the stream goes on', async () => {
  const world = new ScriptedWorld();
  const hub = new InMemoryHub({ partitionCount: 2, eventsPerPartition: 4 });
  const bodies = Array.from({ length: 12 }, (_, event) =>
    encodeReadings([scriptBlock('shop/cart', event * 4, event * 4 + 4)]),
  );
  await hub.sink().send('0', bodies.slice(0, 3));
  await world.workUpTo(2, { source: hub.source() });
  await hub.sink().send('0', bodies.slice(3));
  await world.workUpTo(11, { source: hub.source() });
  assert.equal((await world.metrics.gapEvents.get()).values[0]?.value, 5);
  assert.equal(world.store.counted.readings, 12 + 16);
});

test('series that go to another model are let go: tail to history, open anomaly closed', async () => {
  const world = new ScriptedWorld();
  // Ends within the spike, so that an anomaly is open.
  await world.send([encodeReadings([scriptBlock('shop/cart', 10, 101), scriptBlock('shop/other', 10, 14)])]);
  let orders = shopOrders(0);
  world.orders = () => orders;
  const stop = new AbortController();
  const working = world.claim(world.parts(), stop.signal);
  await eventually(() => world.store.checkpoint === 0);
  assert.deepEqual(
    [...world.store.anomalies.values()].map(({ state }) => state),
    ['open'],
  );
  orders = shopOrders(0, ['shop/other']);
  await eventually(() => world.store.history.size === 91);
  await world.send([encodeReadings([scriptBlock('shop/cart', 101, 105)])]);
  await eventually(() => world.store.checkpoint === 1);
  stop.abort();
  await working;
  assert.deepEqual(
    [...world.store.anomalies.values()].map(({ state, kind }) => [state, kind]),
    [['closed', 'closed']],
  );
  assert.equal(world.store.counted.readings, 95);
});

test('a new memory is in force from the next batch on, is recorded, and goes again without a trace', async () => {
  const world = new ScriptedWorld();
  const loud = new ScriptedWorld();
  const bodies = scriptEvents();
  await loud.send(bodies);
  await loud.workUpTo(bodies.length - 1);
  const alarms = [...loud.store.anomalies.values()].filter(({ series }) => series === 'shop/cart');
  const quiet = alarms.flatMap(({ patterns }) =>
    patterns.map((pattern) => ({ pattern, untilMs: Number.MAX_SAFE_INTEGER })),
  );
  world.overlays.set(7, { number: 7, memory: new Map([['shop/cart', quiet]]) });
  let overlay = noOverlay;
  world.orders = () => ({ ...shopOrders(0), overlay });
  await world.send(bodies.slice(0, 30));
  const held = new HeldPartitions();
  const stop = new AbortController();
  const working = world.claim(world.parts(), stop.signal, held);
  await eventually(() => world.store.checkpoint === 29);
  overlay = world.overlays.get(7) ?? noOverlay;
  await eventually(() => held.status(() => null)[0]?.overlay === 7);
  await world.send(bodies.slice(30, 50));
  await eventually(() => world.store.checkpoint === 49);
  overlay = noOverlay;
  await eventually(() => held.status(() => null)[0]?.overlay === 0);
  await world.send(bodies.slice(50));
  await eventually(() => world.store.checkpoint === bodies.length - 1);
  stop.abort();
  await working;
  const { store } = world;
  assert.deepEqual(
    store.spans.map((span) => [span.fromSequence, span.overlay]),
    [
      [0, 0],
      [30, 7],
      [50, 0],
    ],
  );
  const quieted = store.figures.get(0)?.quieted ?? 0;
  assert.ok(quieted > 0);
  assert.equal((await world.metrics.quieted.get()).values[0]?.value, quieted);
  assert.equal(store.anomalies.size, loud.store.anomalies.size - 1);
  assert.equal(store.counted.readings, loud.store.counted.readings);
});
