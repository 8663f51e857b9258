import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../manual-clock.fixture.ts';
import { conducted } from './conducted.fixture.ts';
import { InMemoryPlatform } from './in-memory-platform.fixture.ts';

/** A platform with a learnt version whose pool was never rolled out. */
function learnt(...names: string[]): InMemoryPlatform {
  const platform = new InMemoryPlatform();
  for (const name of names) {
    platform.addModel(name, 0);
    platform.record(name, 'history-0', 'succeeded', 1);
    platform.score(name, 5000);
  }
  return platform;
}

/** Lets the stream flow, 10 readings a second in each partition, and the conductor look. */
async function live(
  platform: InMemoryPlatform,
  clock: ManualClock,
  { seconds, alarming = [], name = 'shop' }: { seconds: number; alarming?: number[]; name?: string },
): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    platform.score(name, 10, alarming);
    await clock.advance(1000);
  }
}

test('a learnt version comes to one partition, then to all, and the one before stays as fallback', async () => {
  const platform = learnt('shop');
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  assert.deepEqual(platform.served('shop').toSorted(), [0, 1]);
  await live(platform, clock, { seconds: 30 });
  const served = { version: 1, shadow: null, fallback: 0 };
  assert.deepEqual(platform.plan('shop').partitions, { '0': served, '1': served });
  const said = platform.pool('shop').rollout.events.map(({ reason }) => reason);
  assert.deepEqual(said, ['RolloutStarted', 'StepStarted', 'StepStarted', 'Promoted']);
  await conductor.stop();
});

test('where the pool asks for it a version is scored beside the one that serves before it serves any partition', async () => {
  const platform = learnt('shop');
  platform.pool('shop').spec.rollout.shadowSeconds = 5;
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  const beside = { version: 0, shadow: 1, fallback: null };
  assert.deepEqual(platform.plan('shop').partitions, { '0': beside, '1': beside });
  assert.equal(platform.pool('shop').rollout.state?.phase, 'shadow');
  await conductor.stop();
});

test('a version that floods people is taken back within one interval, and the registry knows', async () => {
  const platform = learnt('shop');
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  await live(platform, clock, { seconds: 5, alarming: [1] });
  assert.deepEqual(platform.served('shop'), [0, 0]);
  assert.equal(platform.model('shop').versions[0]?.state, 'aborted');
  await live(platform, clock, { seconds: 60 });
  assert.deepEqual(platform.served('shop'), [0, 0]);
  await conductor.stop();
});

test('commands are obeyed at the next look', async () => {
  const platform = learnt('shop');
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  platform.ask('shop', { id: 'a', kind: 'promote' });
  await clock.advance(1000);
  assert.deepEqual(platform.served('shop'), [1, 1]);
  platform.ask('shop', { id: 'b', kind: 'rollback', version: 0 });
  platform.ask('shop', { id: 'c', kind: 'pause' });
  await clock.advance(2000);
  assert.deepEqual(platform.served('shop'), [0, 0]);
  assert.deepEqual(platform.pool('shop').rollout.commands, []);
  await conductor.stop();
});

test('a pool at rest is not written', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 0);
  let writes = 0;
  platform.aroundWrite = () => {
    writes += 1;
  };
  const { clock, conductor } = conducted(platform);
  await clock.advance(60_000);
  assert.equal(writes, 0);
  await conductor.stop();
});

test('a plan or a rollout that somebody else has written meanwhile is looked at again, not overwritten', async () => {
  for (const contested of ['plan', 'rollout'] as const) {
    const platform = learnt('shop');
    platform.aroundWrite = (what) => {
      if (what !== contested) return;
      platform.aroundWrite = () => undefined;
      if (what === 'plan') platform.overwrite('shop', {});
      else platform.pool('shop').rollout.revision += 1;
    };
    const { clock, conductor } = conducted(platform);
    await clock.advance(0);
    assert.deepEqual(platform.served('shop'), [0, 0]);
    await clock.advance(2000);
    assert.deepEqual(platform.served('shop').toSorted(), [0, 1]);
    await conductor.stop();
  }
});

test('pools of every namespace follow their own models, and one that cannot be written holds nobody up', async () => {
  const platform = learnt('broken', 'shop');
  platform.addModel('shop', 0, 'team');
  platform.broken.add('broken');
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  assert.equal(platform.plan('shop').revision, 1);
  assert.equal(platform.plan('shop', 'team').revision, 0);
  assert.equal(platform.plan('broken').revision, 0);
  platform.broken.clear();
  await clock.advance(2000);
  assert.equal(platform.plan('broken').revision, 1);
  await conductor.stop();
});

test('a pool whose write hangs holds up neither the others nor their trainings', async () => {
  const platform = learnt('hangs', 'shop');
  const never = Promise.withResolvers<null>();
  const save = platform.saveRollout.bind(platform);
  platform.saveRollout = (seen, update) => (seen.name === 'hangs' ? never.promise : save(seen, update));
  const { clock, started, jobs, conductor } = conducted(platform);
  await clock.advance(0);
  await live(platform, clock, { seconds: 30 });
  assert.deepEqual(platform.served('shop'), [1, 1]);
  platform.addModel('host', 1000);
  await clock.advance(2000);
  assert.deepEqual(started(), ['host history-0 1']);
  never.resolve(null);
  await jobs[0]?.end(0);
  await conductor.stop();
});

test('a registry that refuses does not keep a bad version on its partitions', async () => {
  const platform = learnt('shop');
  platform.setVersionState = async () => {
    throw new Error('no such version');
  };
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  await live(platform, clock, { seconds: 6, alarming: [1] });
  assert.deepEqual(platform.served('shop'), [0, 0]);
  await conductor.stop();
});

/** A rollout that succeeds, and then one that is taken back, with a crash before or after the nth write. */
async function crashedAt(nth: number): Promise<{ platform: InMemoryPlatform; crashed: boolean }> {
  const platform = learnt('shop');
  const clock = new ManualClock();
  let { conductor } = conducted(platform, clock);
  let writes = 0;
  platform.aroundWrite = () => {
    writes += 1;
    if (writes !== nth) return;
    platform.available = false;
    throw new Error('the process ended');
  };
  const liveOn = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await live(platform, clock, { seconds: 1, alarming: [2] });
      if (platform.available) continue;
      await conductor.stop();
      platform.available = true;
      ({ conductor } = conducted(platform, clock));
    }
  };
  await liveOn(40);
  platform.record('shop', 'asked-1', 'succeeded', 2);
  await liveOn(20);
  await conductor.stop();
  return { platform, crashed: writes >= nth };
}

test('after a crash before or after any of its writes the next start makes good what is missing', async () => {
  let crashes = 0;
  for (let nth = 1; nth < 100; nth += 1) {
    const { platform, crashed } = await crashedAt(nth);
    const { rollout } = platform.pool('shop');
    assert.deepEqual(platform.served('shop'), [1, 1], `a crash at write ${nth}`);
    assert.deepEqual([rollout.state?.champion, rollout.state?.aborted, rollout.baseline], [1, [2], null]);
    assert.deepEqual(
      platform.model('shop').versions.map(({ state }) => state),
      ['accepted', 'aborted'],
    );
    const said = rollout.events.map(({ reason }) => reason);
    assert.equal(said.filter((reason) => reason === 'Promoted').length, 1);
    assert.equal(said.filter((reason) => reason === 'TakenBack').length, 1);
    if (!crashed) break;
    crashes += 1;
  }
  assert.ok(crashes >= 16, `${crashes} crashes`);
});
