import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Behaviour, PoolWorld } from './pool-world.fixture.ts';

const evenly = { 0: 4, 1: 4, 2: 4, 3: 4 };
const atHome = {
  steps: [
    { share: 0.01, pauseSeconds: 20 },
    { share: 0.5, pauseSeconds: 20 },
    { share: 1, pauseSeconds: 20 },
  ],
  analysis: { intervalSeconds: 15, minimumReadings: 60, progressDeadlineSeconds: 120 },
};

/** A pool that has run for ten minutes, and a second version that behaves so. */
function withCandidate(behaviour: Behaviour, perSecond: Record<string, number> = evenly): PoolWorld {
  const world = new PoolWorld(perSecond, atHome);
  world.live(600);
  world.add(1, behaviour);
  world.look();
  return world;
}

test('a pool at rest writes nothing', () => {
  const world = new PoolWorld(evenly, atHome);
  world.live(60);
  assert.deepEqual([world.pool.rollout.revision, world.pool.plan.revision], [0, 0]);
});

test('the first version that was learnt goes through the steps like any other', () => {
  const world = withCandidate('sane');
  const served: string[] = [];
  for (let second = 0; second < 120; second += 2) {
    world.live(2);
    const now = world.served().filter((version) => version === 1).length;
    if (served.at(-1) !== String(now)) served.push(String(now));
  }
  assert.deepEqual(served, ['1', '2', '4']);
  assert.deepEqual(
    [world.state?.phase, world.state?.champion, world.pool.rollout.baseline],
    ['done', 1, null],
  );
});

test('each kind of bad candidate is taken back, and the plan is as before', () => {
  const limits = { floods: 15, alarms: 20, blind: 20, throws: 4, unloadable: 124 };
  for (const behaviour of ['floods', 'alarms', 'blind', 'throws', 'unloadable'] as const) {
    const world = withCandidate(behaviour);
    assert.deepEqual(world.state?.phase, 'step', behaviour);
    world.live(limits[behaviour]);
    assert.deepEqual([behaviour, world.state?.phase, world.served()], [behaviour, 'aborted', [0, 0, 0, 0]]);
    assert.deepEqual(world.versions, [{ version: 1, state: 'aborted' }]);
  }
});

test('the reason says what was wrong', () => {
  const reason = (behaviour: Behaviour) => {
    const world = withCandidate(behaviour);
    world.live(140);
    return world.state?.lastAbort?.reason ?? '';
  };
  assert.match(reason('throws'), /failed once, and not one reading was scored/);
  assert.match(reason('blind'), /40 % of its readings kept quiet/);
  assert.match(reason('unloadable'), /no reading was scored while other versions scored \d+ in its place/);
});

test('a candidate is tried where the readings are, though most partitions have none', () => {
  for (const only of ['0', '1', '2', '3']) {
    const world = withCandidate('sane', { 0: 0, 1: 0, 2: 0, 3: 0, [only]: 4 });
    assert.deepEqual(world.state?.chosen, [only]);
    world.live(120);
    assert.equal(world.state?.phase, 'done');
  }
});

test('what others report of a partition only now and then is not counted twice', () => {
  const world = withCandidate('sane');
  for (let round = 0; round < 60; round += 1) {
    world.told = round % 2 === 0 ? [] : ['0', '1', '2', '3'];
    world.live(2);
  }
  assert.deepEqual([world.state?.phase, world.state?.aborted], ['done', []]);
});

test('a night in which everything was off is no failure of the candidate', () => {
  const world = withCandidate('sane');
  world.nowMs += 8 * 3_600_000;
  for (const view of world.pool.partitions) view.lagEvents = 50;
  world.watchedSinceMs = world.nowMs;
  world.look();
  assert.equal(world.state?.phase, 'step');
  for (const view of world.pool.partitions) view.lagEvents = 0;
  world.live(120);
  assert.equal(world.state?.phase, 'done');
});

test('a rollout without a baseline is judged from now on', () => {
  const world = withCandidate('sane');
  world.live(10);
  world.pool.rollout.baseline = null;
  world.look();
  assert.equal(world.state?.analysedToMs, world.nowMs);
  world.live(120);
  assert.equal(world.state?.phase, 'done');
});

test('a retrained version may keep quiet what floods people just now, though it never did before', () => {
  const world = withCandidate('sane');
  world.live(7200);
  world.behaviours.set(1, 'alarms');
  world.live(60);
  world.add(2, 'blind');
  world.live(120);
  assert.deepEqual([world.state?.phase, world.state?.champion], ['done', 2]);
});
