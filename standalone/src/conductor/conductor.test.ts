import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from '../manual-clock.fixture.ts';
import { conducted } from './conducted.fixture.ts';
import { InMemoryPlatform } from './in-memory-platform.fixture.ts';

test('a model is trained when its history suffices', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 999);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(10_000);
  assert.deepEqual(started(), []);
  platform.model('shop').readings = 1000;
  await clock.advance(2000);
  assert.deepEqual(started(), ['shop history-0 1']);
  platform.record('shop', 'history-0', 'succeeded', 1);
  await jobs[0]?.end(0);
  await clock.advance(4000);
  assert.equal(platform.pool('shop').rollout.state?.candidate, 1);
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
  platform.model('shop').readings = 2000;
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

test('what people ask for is trained under the id of the request, once, also of a paused model', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const shop = platform.model('shop');
  shop.spec.paused = true;
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(10_000);
  assert.deepEqual(started(), []);
  shop.asked = 'asked-1f';
  await clock.advance(2000);
  assert.deepEqual(started(), ['shop asked-1f 1']);
  // Answered, though the view that is read does not say so yet.
  await jobs[0]?.end(0);
  await clock.advance(60_000);
  assert.equal(started().length, 1);
  await conductor.stop();
});

test('attempts stay within one trigger, though the next look would give it another id', async () => {
  const platform = new InMemoryPlatform();
  platform.addModel('shop', 1000);
  const { clock, jobs, started, conductor } = conducted(platform);
  await clock.advance(0);
  platform.model('shop').readings = 9000;
  await jobs[0]?.end(1);
  await clock.advance(12_000);
  assert.deepEqual(started(), ['shop history-0 1', 'shop history-0 2']);
  await jobs[1]?.end(0);
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
