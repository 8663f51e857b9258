import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger } from '@verdict/process';
import { ManualClock, settled } from '../manual-clock.fixture.ts';
import { startConductor } from './conductor.ts';
import { InMemoryPlatform } from './in-memory-platform.fixture.ts';
import type { TrainingAttempt } from './training-queue.ts';

/** A conductor whose jobs the test ends. */
function conducted(platform: InMemoryPlatform) {
  const clock = new ManualClock();
  const jobs: { job: TrainingAttempt; end: (code: number | null) => Promise<void>; fail: () => void }[] = [];
  let running = 0;
  let most = 0;
  const runTraining = async (job: TrainingAttempt): Promise<number | null> => {
    running += 1;
    most = Math.max(most, running);
    const ended = Promise.withResolvers<number | null>();
    const end = (code: number | null) => {
      ended.resolve(code);
      return settled();
    };
    jobs.push({ job, end, fail: () => ended.reject(new Error('no process could be made')) });
    return ended.promise.finally(() => {
      running -= 1;
    });
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const conductor = startConductor({ platform, runTraining, clock, logger });
  const started = () => jobs.map(({ job }) => `${job.model} ${job.triggerId} ${job.attempt}`);
  return { clock, jobs, started, conductor, mostAtOnce: () => most };
}

test('a model is trained when its history suffices, and its version comes to every partition', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 999);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(10_000);
  assert.deepEqual(started(), []);
  platform.grow('shop', 1000);
  await clock.advance(2000);
  assert.deepEqual(started(), ['shop history-0 1']);
  platform.record('shop', 'history-0', 'succeeded', 1);
  await jobs[0]?.end(0);
  await clock.advance(4000);
  const served = { version: 1, shadow: null, fallback: 0 };
  assert.deepEqual(platform.plan('shop'), { revision: 1, partitions: { '0': served, '1': served } });
  assert.equal(started().length, 1);
  await conductor.stop();
});

test('trainings run one after the other', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('host', 1000);
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor, mostAtOnce } = conducted(platform);
  await clock.advance(20_000);
  assert.deepEqual(started(), ['host history-0 1']);
  platform.record('host', 'history-0', 'refused');
  await jobs[0]?.end(3);
  await clock.advance(20_000);
  assert.deepEqual(started(), ['host history-0 1', 'shop history-0 1']);
  platform.record('shop', 'history-0', 'succeeded', 1);
  await jobs[1]?.end(0);
  await clock.advance(20_000);
  assert.equal(started().length, 2);
  assert.equal(mostAtOnce(), 1);
  await conductor.stop();
});

test('a job that crashes is tried three times within its trigger, then its failure is recorded', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor } = conducted(platform);
  for (const code of [null, 1, 137]) {
    await clock.advance(12_000);
    platform.record('shop', 'history-0', 'running');
    await jobs.at(-1)?.end(code);
  }
  await clock.advance(12_000);
  assert.deepEqual(started(), [
    'shop history-0 1',
    'shop history-0 2',
    'shop history-0 3',
    'shop history-0 4',
  ]);
  assert.ok(jobs.every(({ job }) => job.mostAttempts === 3));
  platform.record('shop', 'history-0', 'failed');
  await jobs.at(-1)?.end(1);
  await clock.advance(60_000);
  assert.equal(started().length, 4);
  platform.grow('shop', 2000);
  await clock.advance(2000);
  assert.equal(started().at(-1), 'shop history-1 1');
  await jobs.at(-1)?.end(0);
  await conductor.stop();
});

test('attempts wait a while, and a job that cannot even be made is one', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(0);
  jobs[0]?.fail();
  await clock.advance(9000);
  assert.equal(started().length, 1);
  await clock.advance(2000);
  assert.deepEqual(started(), ['shop history-0 1', 'shop history-0 2']);
  await jobs[1]?.end(0);
  await conductor.stop();
});

test('a training that was interrupted is gone on with, and another model does not wait for its pauses', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('host', 5000);
  platform.addModel('shop', 1000);
  platform.record('host', 'history-1', 'running');
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(0);
  assert.deepEqual(started(), ['host history-1 1']);
  await jobs[0]?.end(null);
  await clock.advance(2000);
  assert.deepEqual(started(), ['host history-1 1', 'shop history-0 1']);
  await jobs[1]?.end(0);
  await conductor.stop();
});

test('a training that ends while models are being asked for is not taken for an interrupted one', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(0);
  platform.record('shop', 'history-0', 'running');
  const models = platform.models.bind(platform);
  platform.models = async () => {
    const seen = await models();
    platform.record('shop', 'history-0', 'refused');
    await jobs[0]?.end(3);
    return seen;
  };
  await clock.advance(2000);
  platform.models = models;
  await clock.advance(10_000);
  assert.equal(started().length, 1);
  await conductor.stop();
});

test('a plan that somebody else has written meanwhile is looked at again, not overwritten', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 0);
  platform.record('shop', 'history-0', 'succeeded', 1);
  const byHand = { version: 1, shadow: null, fallback: null };
  platform.beforeWrite = () => {
    platform.beforeWrite = () => undefined;
    platform.overwrite('shop', { '0': byHand });
  };
  const { clock, conductor } = conducted(platform);
  await clock.advance(0);
  assert.deepEqual(platform.plan('shop'), { revision: 1, partitions: { '0': byHand } });
  await clock.advance(2000);
  const { revision, partitions } = platform.plan('shop');
  assert.equal(revision, 2);
  assert.deepEqual(partitions, { '0': byHand, '1': { version: 1, shadow: null, fallback: 0 } });
  await conductor.stop();
});

test('pools of every namespace follow their own models, and one that cannot be written holds nobody up', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('broken', 0);
  platform.addModel('shop', 0);
  platform.addModel('shop', 0, 'team');
  platform.record('broken', 'history-0', 'succeeded', 1);
  platform.record('shop', 'history-0', 'succeeded', 1);
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

test('while the platform is away it keeps asking, and goes on when it is back', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  platform.available = false;
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(20_000);
  assert.ok(platform.rounds >= 10);
  assert.deepEqual(started(), []);
  platform.available = true;
  await clock.advance(2000);
  assert.deepEqual(started(), ['shop history-0 1']);
  await jobs[0]?.end(0);
  await conductor.stop();
});

test('a stop starts nothing any more and waits for the job that runs', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('host', 1000);
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(0);
  let stopped = false;
  const stopping = conductor.stop().then(() => {
    stopped = true;
  });
  await settled();
  assert.equal(stopped, false);
  await jobs[0]?.end(null);
  await stopping;
  await clock.advance(60_000);
  assert.deepEqual(started(), ['host history-0 1']);
});

test('a stop while the models are being asked for starts no job', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const asked = Promise.withResolvers<void>();
  const models = platform.models.bind(platform);
  platform.models = async () => {
    await asked.promise;
    return models();
  };
  const { started, conductor } = conducted(platform);
  const stopping = conductor.stop();
  asked.resolve();
  await stopping;
  assert.deepEqual(started(), []);
});
