import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { createLogger, createMetrics, systemClock } from '@verdict/process';
import { connectKube, type KubeConnection } from '../kube/connect-kube.ts';
import { controlledBy, keyOf, nameOf, type ObjectKey, uidOf } from '../kube/kube-object.ts';
import { type ConfigMap, configMapKind } from '../testing/config-map.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { Controller } from './controller.ts';
import { createControllerMetrics } from './controller-metrics.ts';
import { mappedKeys, ownerKeys, ownKeys } from './key-sources.ts';
import { byControllerUid } from './object-store.ts';
import type { Reconcile } from './reconciler.ts';
import { Reflector } from './reflector.ts';
import { createQueueMetrics } from './work-queue-metrics.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const namespace = 'default';

/**
 * A controller of parents: config maps labelled `role: parent`. Each is to have one child, `<name>-child`, with the
 * text of the parent, and what the config map `<name>-other` says.
 */
describe('A controller against a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;
  let stop: AbortController;
  let running: Promise<void>[];
  let registry = createMetrics();

  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    connection = connectKube({ kubeconfig: api.kubeconfigFor('proxy', { server: proxy.url }) });
  });
  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });
  beforeEach(() => {
    stop = new AbortController();
    running = [];
    registry = createMetrics();
  });
  afterEach(async () => {
    proxy.plan(undefined);
    stop.abort();
    await Promise.all(running);
  });

  const reflect = (role: string): Reflector<ConfigMap> => {
    const { client } = connection;
    const options = { client, kind: configMapKind, namespace, labelSelector: `role=${role}` };
    const retry = { firstMs: 20, maxMs: 200 };
    const reflector = new Reflector({ ...options, clock: systemClock, logger, retry });
    running.push(reflector.run(stop.signal));
    return reflector;
  };
  const start = (test: string, custom?: Reconcile) => {
    const parents = reflect(`${test}-parent`);
    const children = reflect(`${test}-child`);
    const others = reflect(`${test}-other`);
    const reconcile: Reconcile = async (key, { signal }) => {
      const parent = parents.cache.get(key);
      if (parent === undefined) return { kind: 'settled' };
      const other = others.cache.get(`${key}-other` as ObjectKey);
      const text = `${parent.data?.text ?? ''} ${other?.data?.text ?? ''}`.trim();
      const [child] = children.cache.indexed(byControllerUid, uidOf(parent));
      if (child?.data?.text === text) return { kind: 'settled' };
      await connection.client.serverSideApply(
        configMapKind,
        {
          metadata: {
            namespace,
            name: `${nameOf(key).name}-child`,
            labels: { role: `${test}-child` },
            ownerReferences: [controlledBy(parent)],
          },
          data: { text },
        },
        { signal },
      );
      return { kind: 'settled' };
    };
    const controller = new Controller({
      name: 'test',
      sources: [
        ownKeys(parents),
        ownerKeys(children, configMapKind),
        mappedKeys(others, (other) => [keyOf(other).replace(/-other$/, '') as ObjectKey]),
      ],
      reconcile: custom ?? reconcile,
      clock: systemClock,
      logger,
      stopMs: 200,
      deadlineMs: 2000,
      queueMetrics: createQueueMetrics(registry)('test'),
      metrics: createControllerMetrics(registry)('test'),
    });
    running.push(controller.run(stop.signal));
    return controller;
  };
  const put = (name: string, role: string, text: string) =>
    api.client.serverSideApply(configMapKind, {
      metadata: { namespace, name, labels: { role } },
      data: { text },
    });
  const text = async (name: string) => (await api.client.get(configMapKind, { namespace, name }))?.data?.text;
  const settles = (name: string, wanted: string) =>
    poll(`${name} to say ${wanted}`, async () => (await text(name)) === wanted);

  test('Its own objects, their children and what they refer to bring it back to them', async () => {
    await put('a', 'own-parent', 'one');
    start('own');
    await settles('a-child', 'one');
    await put('a', 'own-parent', 'two');
    await settles('a-child', 'two');
    await put('a-other', 'own-other', 'plus');
    await settles('a-child', 'two plus');
    const child = await api.client.get(configMapKind, { namespace, name: 'a-child' });
    assert.ok(child);
    await api.client.delete(configMapKind, { namespace, name: 'a-child' }, { uid: uidOf(child) });
    await settles('a-child', 'two plus');
  });

  test('What fails is tried again until it works, through conflicts, overload and lost answers', async () => {
    const faults = [
      { kind: 'answer', status: 409, reason: 'Conflict' },
      { kind: 'reset' },
      { kind: 'reset-after' },
      { kind: 'answer', status: 429, retryAfterSeconds: 0 },
      { kind: 'answer', status: 500 },
    ] as const;
    let writes = 0;
    proxy.plan(({ write }) => (write ? faults[writes++] : undefined));
    start('fails');
    await put('f', 'fails-parent', 'one');
    await settles('f-child', 'one');
    await poll('the faults', () => writes >= 3);
    const metrics = await registry.metrics();
    assert.match(metrics, /controller_runtime_reconcile_errors_total\{controller="test"\} [1-9]/);
    assert.match(metrics, /workqueue_retries_total\{name="test",controller="test"\} [1-9]/);
    assert.match(metrics, /controller_runtime_max_concurrent_reconciles\{controller="test"\} 2/);
  });

  test('Many changes while nothing can be written end in the last one', async () => {
    await put('b', 'many-parent', 'first');
    start('many');
    await settles('b-child', 'first');
    proxy.plan(({ write }) => (write ? { kind: 'answer', status: 503 } : undefined));
    for (let change = 0; change < 30; change++) await put('b', 'many-parent', `change ${change}`);
    proxy.plan(undefined);
    await settles('b-child', 'change 29');
  });

  test('A stop lets a running reconcile finish', async () => {
    let finished = false;
    let begun = false;
    await put('c', 'finish-parent', 'x');
    start('finish', async () => {
      begun = true;
      await systemClock.sleep(100);
      finished = true;
      return { kind: 'settled' };
    });
    await poll('a reconcile', () => begun);
    stop.abort();
    await Promise.all(running);
    assert.equal(finished, true);
  });

  test('A stop aborts a reconcile that takes too long, and ends even beside one that heeds nothing', async () => {
    const seen: string[] = [];
    await put('d', 'stuck-parent', 'x');
    await put('e', 'stuck-parent', 'x');
    start('stuck', (key, { signal }) => {
      seen.push(key);
      return new Promise((_, reject) => {
        if (key.endsWith('/d'))
          signal.addEventListener('abort', () => {
            seen.push('aborted');
            reject(signal.reason);
          });
      });
    });
    await poll('both', () => seen.length === 2);
    const before = performance.now();
    stop.abort();
    await Promise.all(running);
    assert.ok(performance.now() - before < 8000);
    assert.equal(seen.at(-1), 'aborted');
  });
});
