import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, createMetrics } from '@verdict/process';
import { KubeError } from '../kube/kube-error.ts';
import type { ObjectKey } from '../kube/kube-object.ts';
import { configMapKind } from '../testing/config-map.ts';
import { FakeClock, settle } from '../testing/fake-clock.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import type { KeySource } from './key-sources.ts';
import type { Reconcile } from './reconciler.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

/** A controller whose keys a test gives by hand. */
function controllerOf(reconcile: Reconcile, options: Partial<ControllerOptions> = {}) {
  const clock = new FakeClock();
  const registry = createMetrics();
  const stop = new AbortController();
  let add: (key: ObjectKey) => void = () => assert.fail('not begun');
  const source: KeySource = {
    informer: { kind: configMapKind, hasSynced: () => true, whenSynced: async () => undefined },
    start: (given) => {
      add = given;
      return () => undefined;
    },
  };
  const metrics = createControllerMetrics(registry)('test');
  const controller = new Controller({
    ...{ name: 'test', sources: [source], reconcile, clock, logger, metrics },
    ...options,
  });
  const ended = controller.run(stop.signal);
  return {
    clock,
    registry,
    add: async (key: ObjectKey) => {
      await settle();
      add(key);
      await settle();
    },
    stop: async () => {
      stop.abort();
      await clock.advance(10_000);
      await ended;
    },
  };
}

test('A settled key is left alone until something changes', async () => {
  let looks = 0;
  const { add, clock, stop } = controllerOf(async () => {
    looks++;
    return { kind: 'settled' };
  });
  await add('ns/a');
  await clock.advance(3_600_000);
  assert.equal(looks, 1);
  await add('ns/a');
  assert.equal(looks, 2);
  await stop();
});

test('A key that is to be looked at again is, at its time', async () => {
  let looks = 0;
  const { add, clock, stop } = controllerOf(async () =>
    ++looks < 3 ? { kind: 'again', afterMs: 30_000 } : { kind: 'settled' },
  );
  await add('ns/a');
  await clock.advance(29_999);
  assert.equal(looks, 1);
  await clock.advance(1);
  assert.equal(looks, 2);
  await clock.advance(3_600_000);
  assert.equal(looks, 3);
  await stop();
});

test('A failing key is tried again after growing waits and knows how often it failed; a success ends that', async () => {
  const failures: number[] = [];
  const { add, clock, stop } = controllerOf(async (_, context) => {
    failures.push(context.failures);
    if (failures.length < 5) throw new Error('not yet');
    return { kind: 'settled' };
  });
  await add('ns/a');
  await clock.advance(5 + 10 + 20 + 40);
  assert.deepEqual(failures, [0, 1, 2, 3, 4]);
  await add('ns/a');
  assert.equal(failures.at(-1), 0);
  await stop();
});

test('A wait that the server asked for is kept', async () => {
  let looks = 0;
  const { add, clock, stop } = controllerOf(async () => {
    looks++;
    throw new KubeError('busy', { status: 429, reason: 'TooManyRequests', retryAfterMs: 20_000 });
  });
  await add('ns/a');
  await clock.advance(19_000);
  assert.equal(looks, 1);
  await clock.advance(1000);
  assert.equal(looks, 2);
  await stop();
});

test('A reconcile that passes its deadline is aborted, counts as failed and is tried again', async () => {
  let looks = 0;
  const { add, clock, stop, registry } = controllerOf(
    (_, { signal }) => {
      if (++looks > 1) return Promise.resolve({ kind: 'settled' });
      return new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    { deadlineMs: 5000 },
  );
  await add('ns/a');
  await clock.advance(4999);
  assert.equal(looks, 1);
  await clock.advance(10);
  assert.equal(looks, 2);
  assert.match(await registry.metrics(), /reconcile_errors_total\{controller="test"\} 1/);
  await stop();
});

test('No key is looked at twice at a time, and many keys are by all workers', async () => {
  const running = new Map<string, number>();
  let most = 0;
  const finish: (() => void)[] = [];
  const { add, stop } = controllerOf(
    async (key) => {
      running.set(key, (running.get(key) ?? 0) + 1);
      assert.equal(running.get(key), 1);
      most = Math.max(
        most,
        [...running.values()].reduce((a, b) => a + b),
      );
      await new Promise<void>((resolve) => finish.push(resolve));
      running.set(key, 0);
      return { kind: 'settled' };
    },
    { workers: 3 },
  );
  for (let times = 0; times < 5; times++)
    for (const key of ['ns/a', 'ns/b', 'ns/c', 'ns/d'] as const) await add(key);
  assert.equal(most, 3);
  for (let rounds = 0; rounds < 10; rounds++) {
    for (const end of finish.splice(0)) end();
    await settle();
  }
  assert.deepEqual([...running.values()], [0, 0, 0, 0]);
  await stop();
});

test('Outcomes are counted in the words of controller-runtime', async () => {
  const outcomes = [
    { kind: 'settled' },
    { kind: 'stalled', reason: 'ModelTaken', message: 'another pool serves it' },
    { kind: 'again', afterMs: 1e9 },
  ] as const;
  let next = 0;
  const { add, stop, registry } = controllerOf(async () => outcomes[next++] ?? { kind: 'settled' });
  for (let times = 0; times < 3; times++) await add('ns/a');
  const text = await registry.metrics();
  for (const line of [
    'controller_runtime_reconcile_total{controller="test",result="success"} 1',
    'controller_runtime_reconcile_total{controller="test",result="error"} 1',
    'controller_runtime_reconcile_total{controller="test",result="requeue_after"} 1',
    'controller_runtime_terminal_reconcile_errors_total{controller="test"} 1',
    'controller_runtime_active_workers{controller="test"} 0',
    'controller_runtime_reconcile_time_seconds_count{controller="test"} 3',
  ])
    assert.ok(text.includes(line), line);
  await stop();
});
