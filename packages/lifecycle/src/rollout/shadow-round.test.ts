import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Behaviour, PoolWorld } from './pool-world.fixture.ts';

const evenly = { 0: 4, 1: 4, 2: 4, 3: 4 };
const atHome = {
  shadowSeconds: 20,
  steps: [
    { share: 0.01, pauseSeconds: 20 },
    { share: 0.5, pauseSeconds: 20 },
    { share: 1, pauseSeconds: 20 },
  ],
  analysis: { intervalSeconds: 15, minimumReadings: 60, progressDeadlineSeconds: 120 },
};

/** A pool whose detectors score shadows, at work for ten minutes, and a second version that behaves so. */
function withCandidate(behaviour: Behaviour, rollout: object = atHome): PoolWorld {
  const world = new PoolWorld(evenly, rollout);
  world.shadowsScored = true;
  world.live(600);
  world.add(1, behaviour);
  world.look();
  return world;
}

test('a candidate is scored beside the champion everywhere first, then they change places step by step', () => {
  const world = withCandidate('sane');
  assert.equal(world.state?.phase, 'shadow');
  for (const { version, shadow } of Object.values(world.pool.plan.partitions))
    assert.deepEqual([version, shadow], [0, 1]);
  world.live(24);
  assert.equal(world.state?.phase, 'step');
  const [chosen = ''] = world.state?.chosen ?? [];
  assert.deepEqual(world.pool.plan.partitions[chosen], { version: 1, shadow: 0, fallback: 0 });
  world.live(120);
  assert.deepEqual([world.state?.phase, world.served()], ['done', [1, 1, 1, 1]]);
  assert.ok(Object.values(world.pool.plan.partitions).every(({ shadow }) => shadow === null));
});

test('a candidate that is bad in shadow is taken back before it serves a single partition, and remembered', () => {
  const limits = { floods: 17, alarms: 17, elsewhere: 17, blind: 17, throws: 4, unloadable: 124 };
  for (const behaviour of ['floods', 'alarms', 'elsewhere', 'blind', 'throws', 'unloadable'] as const) {
    const world = withCandidate(behaviour);
    const served = new Set(world.served());
    for (let second = 0; second < limits[behaviour]; second += 1) {
      world.live(1);
      for (const version of world.served()) served.add(version);
    }
    assert.deepEqual([behaviour, world.state?.phase, [...served]], [behaviour, 'aborted', [0]]);
    assert.deepEqual([world.state?.aborted, world.versions], [[1], [{ version: 1, state: 'aborted' }]]);
    world.live(60);
    assert.equal(world.state?.phase, 'aborted');
  }
});

test('the reason tells of the same readings', () => {
  const reason = (behaviour: Behaviour, rollout: object = atHome) => {
    const world = withCandidate(behaviour, rollout);
    world.live(140);
    return world.state?.lastAbort?.reason ?? '';
  };
  assert.match(
    reason('elsewhere'),
    /\d+ of \d+ readings judged differently \(25.4 %\), at most 20.4 % allowed/,
  );
  assert.match(reason('throws'), /failed 4 times \(bad net\), and not one reading was scored/);
  assert.match(reason('unloadable'), /no reading was scored while other versions scored \d+ in its place/);
  const tolerant = { ...atHome, analysis: { ...atHome.analysis, mostDisagreement: 0.5 } };
  assert.doesNotMatch(reason('elsewhere', tolerant), /judged differently/);
});

test('a candidate that ends a flood may judge differently what the champion alarms at', () => {
  const world = withCandidate('sane');
  world.live(144);
  assert.equal(world.state?.champion, 1);
  world.behaviours.set(1, 'elsewhere');
  world.live(60);
  world.add(2, 'sane');
  world.live(200);
  assert.deepEqual([world.state?.phase, world.state?.champion], ['done', 2]);
});

test('in a step an event that the champion beside it alarms at as well is no fault of the candidate', () => {
  const atOnce = { ...atHome, steps: [{ share: 1, pauseSeconds: 60 }] };
  const inStep = () => {
    const world = withCandidate('sane', atOnce);
    world.live(30);
    assert.deepEqual([world.state?.phase, world.served()], ['step', [1, 1, 1, 1]]);
    return world;
  };
  const both = inStep();
  both.behaviours.set(0, 'floods');
  both.behaviours.set(1, 'floods');
  both.live(70);
  assert.equal(both.state?.phase, 'done');
  const alone = inStep();
  alone.behaviours.set(1, 'floods');
  alone.live(20);
  assert.equal(alone.state?.phase, 'aborted');
});

test('a baseline from before there were shadows counts from none', () => {
  const world = withCandidate('sane');
  world.live(4);
  const { baseline } = world.pool.rollout;
  assert.ok(baseline);
  world.pool.rollout.baseline = { atMs: baseline.atMs, partitions: baseline.partitions } as typeof baseline;
  world.live(24);
  assert.equal(world.state?.phase, 'step');
});
