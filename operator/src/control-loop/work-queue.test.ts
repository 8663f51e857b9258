import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMetrics } from '@verdict/process';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { WorkQueue } from './work-queue.ts';
import { createQueueMetrics } from './work-queue-metrics.ts';

const queueOf = (options: Partial<ConstructorParameters<typeof WorkQueue<string>>[0]> = {}) => {
  const clock = new FakeClock();
  return { clock, queue: new WorkQueue<string>({ clock, ...options }) };
};

test('A key that is added many times before it is taken is looked at once', async () => {
  const { queue } = queueOf();
  for (let times = 0; times < 1000; times++) queue.add('a');
  queue.add('b');
  assert.equal(queue.depth, 2);
  assert.equal(await queue.take(), 'a');
  assert.equal(await queue.take(), 'b');
});

test('A key that is added while it is worked on is taken again only when it is done', async () => {
  const { queue } = queueOf();
  queue.add('a');
  await queue.take();
  queue.add('a');
  queue.add('a');
  let second: string | undefined;
  queue.take().then((key) => {
    second = key;
  });
  await settle();
  assert.equal(second, undefined);
  queue.done('a');
  await settle();
  assert.equal(second, 'a');
  queue.done('a');
  assert.equal(queue.depth, 0);
});

test('A failing key waits 5 ms, then twice as long each time, up to 5 minutes; forgotten it begins anew', () => {
  const { queue } = queueOf({ retryLimits: { overall: { perSecond: 1e9, burst: 1e9 } } });
  const waits = Array.from({ length: 20 }, () => queue.retry('a'));
  assert.deepEqual(waits.slice(0, 4), [5, 10, 20, 40]);
  assert.equal(waits.at(-1), 300_000);
  assert.equal(queue.failures('a'), 20);
  queue.forget('a');
  assert.equal(queue.retry('a'), 5);
});

test('Retries of many keys together are held to the overall rate', () => {
  const { queue } = queueOf();
  const waits = Array.from({ length: 300 }, (_, index) => queue.retry(`key-${index}`));
  assert.equal(waits[99], 5);
  assert.equal(Math.round(waits[299] ?? 0), 20_000);
});

test('A wait that the server asked for is kept, even if the key has hardly failed', () => {
  const { queue } = queueOf();
  assert.equal(queue.retry('a', 7000), 7000);
});

test('Delayed keys come in the order of their times, and an earlier time wins', async () => {
  const { queue, clock } = queueOf();
  const taken: (string | undefined)[] = [];
  for (let times = 0; times < 3; times++) queue.take().then((key) => taken.push(key));
  queue.addAfter('late', 60_000);
  queue.addAfter('soon', 1000);
  queue.addAfter('moved', 90_000);
  queue.addAfter('moved', 2000);
  queue.addAfter('moved', 80_000);
  assert.equal(clock.sleepers, 1, 'one timer for all');
  await clock.advance(999);
  assert.deepEqual(taken, []);
  await clock.advance(1);
  assert.deepEqual(taken, ['soon']);
  await clock.advance(1000);
  assert.deepEqual(taken, ['soon', 'moved']);
  await clock.advance(58_000);
  assert.deepEqual(taken, ['soon', 'moved', 'late']);
});

test('A key that is due in two months does not come at once', async () => {
  const { queue, clock } = queueOf();
  const days = 86_400_000;
  queue.addAfter('monthly', 60 * days);
  await clock.advance(59 * days);
  assert.equal(queue.depth, 0);
  await clock.advance(1 * days);
  assert.equal(queue.depth, 1);
});

test('Shut down, it gives nothing more, and draining waits for what was taken', async () => {
  const { queue, clock } = queueOf();
  queue.add('a');
  queue.add('b');
  assert.equal(await queue.take(), 'a');
  queue.addAfter('c', 5);
  let drained = false;
  const draining = queue.drain().then(() => {
    drained = true;
  });
  assert.equal(await queue.take(), undefined);
  queue.add('d');
  await clock.advance(10);
  assert.equal(queue.depth, 0);
  assert.equal(drained, false);
  queue.done('a');
  await draining;
  assert.equal(clock.sleepers, 0, 'no timer is left');
});

test('Its metrics have the names and labels of controller-runtime', async () => {
  const registry = createMetrics();
  const { queue, clock } = queueOf({ metrics: createQueueMetrics(registry)('pool') });
  queue.add('a');
  queue.add('b');
  await clock.advance(2000);
  await queue.take();
  queue.retry('b');
  await clock.advance(3000);
  const text = await registry.metrics();
  for (const line of [
    'workqueue_depth{name="pool",controller="pool"} 1',
    'workqueue_adds_total{name="pool",controller="pool"} 2',
    'workqueue_retries_total{name="pool",controller="pool"} 1',
    'workqueue_queue_duration_seconds_sum{name="pool",controller="pool"} 2',
    'workqueue_unfinished_work_seconds{name="pool",controller="pool"} 3',
    'workqueue_longest_running_processor_seconds{name="pool",controller="pool"} 3',
  ])
    assert.ok(text.includes(line), `${line} is not in\n${text}`);
  queue.done('a');
  assert.match(await registry.metrics(), /workqueue_work_duration_seconds_sum\{[^}]*\} 3/);
});
