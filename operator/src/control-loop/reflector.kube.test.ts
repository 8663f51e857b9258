import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { createLogger, createMetrics, systemClock } from '@verdict/process';
import { connectKube, type KubeConnection } from '../kube/connect-kube.ts';
import { keyOf, uidOf } from '../kube/kube-object.ts';
import { type ConfigMap, configMap, configMapKind } from '../testing/config-map.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { byLabel } from './object-store.ts';
import { Reflector, type ReflectorOptions } from './reflector.ts';
import { createReflectorMetrics } from './reflector-metrics.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('A reflector against a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;
  let stop: AbortController;
  let running: Promise<void>[];
  let told: string[];
  const namespace = 'default';
  let metrics = createMetrics();
  let tests = 0;

  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    connection = connectKube({ kubeconfig, silenceMs: 1000 });
  });
  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });

  beforeEach(() => {
    stop = new AbortController();
    running = [];
    told = [];
    metrics = createMetrics();
    tests++;
  });
  afterEach(async () => {
    proxy.plan(undefined);
    proxy.freeze(false);
    stop.abort();
    await Promise.all(running);
  });

  const label = () => `test-${tests}`;
  const object = (name: string, data: Record<string, string> = {}): ConfigMap => ({
    ...configMap(`${label()}-${name}`, data),
    metadata: { namespace, name: `${label()}-${name}`, labels: { test: label() } },
  });
  const create = (name: string) => api.client.create(configMapKind, object(name));
  const change = (name: string, value: string) =>
    api.client.serverSideApply(configMapKind, {
      metadata: { namespace, name: `${label()}-${name}` },
      data: { value },
    });
  const remove = async (name: string) => {
    const at = { namespace, name: `${label()}-${name}` };
    const known = await api.client.get(configMapKind, at);
    assert.ok(known);
    await api.client.delete(configMapKind, at, { uid: uidOf(known) });
  };

  const start = (options: Partial<ReflectorOptions<ConfigMap>> = {}): Reflector<ConfigMap> => {
    const reflector = new Reflector({
      client: connection.client,
      kind: configMapKind,
      namespace,
      labelSelector: `test=${label()}`,
      clock: systemClock,
      logger,
      metrics: createReflectorMetrics(metrics)('ConfigMap'),
      retry: { firstMs: 20, maxMs: 200 },
      ...options,
    });
    const short = (map: ConfigMap): string => map.metadata.name?.replace(`${label()}-`, '') ?? '';
    reflector.onChange({
      added: (map) => told.push(`+${short(map)}`),
      updated: (map, old) => told.push(`${short(map)}:${old.data?.value ?? ''}>${map.data?.value ?? ''}`),
      deleted: (old) => told.push(`-${short(old)}`),
    });
    running.push(reflector.run(stop.signal));
    return reflector;
  };
  const hears = (...expected: string[]) =>
    poll(`the changes ${expected}`, () => expected.every((one) => told.includes(one)));
  const count = async (name: string): Promise<number> => {
    const lines = (await metrics.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };

  test('It holds what there is, tells every change with what was before, and finds by name, uid and label', async () => {
    const first = await create('a');
    const reflector = start({ indexes: { test: byLabel('test') } });
    assert.equal(reflector.hasSynced(), false);
    await reflector.whenSynced(stop.signal);
    await hears('+a');
    await create('b');
    await change('b', '1');
    await change('b', '2');
    await remove('a');
    await hears('+b', 'b:>1', 'b:1>2', '-a');
    assert.deepEqual(told, ['+a', '+b', 'b:>1', 'b:1>2', '-a']);
    const [known] = reflector.cache.indexed('test', label());
    assert.ok(known);
    assert.equal(reflector.cache.get(keyOf(known)), known);
    assert.equal(reflector.cache.byUid(uidOf(known)), known);
    assert.equal(reflector.cache.byUid(uidOf(first)), undefined);
    assert.equal(known.metadata.managedFields, undefined);
  });

  test('It goes on after the API server was killed and started again, and nothing is told twice', async () => {
    await create('a');
    const reflector = start();
    await hears('+a');
    await api.stop('kill');
    await poll('failures', async () => (await count('verdict_reflector_failures_total')) > 2);
    assert.equal(reflector.cache.size, 1, 'what is known stays known');
    await api.start();
    await change('a', '1');
    await create('b');
    await hears('a:>1', '+b');
    assert.deepEqual(told, ['+a', 'a:>1', '+b']);
  });

  test('When its version was compacted away while it could not watch, it lists anew and tells what it missed', async () => {
    await create('changed');
    await create('gone');
    await create('again');
    start();
    await hears('+changed', '+gone', '+again');
    proxy.plan(() => ({ kind: 'reset' }));
    proxy.cut();
    await change('changed', '1');
    await remove('gone');
    await remove('again');
    await create('again');
    await create('new');
    await api.compact();
    // The server's own memory of old versions goes with it.
    await api.stop('kill');
    await api.start();
    proxy.plan(undefined);
    await hears('changed:>1', '-gone', '-again', '+new');
    assert.equal(told.filter((one) => one === '+again').length, 2, 'another uid is another object');
    assert.ok(told.lastIndexOf('+again') > told.indexOf('-again'));
    assert.ok((await count('verdict_reflector_lists_total')) >= 2);
    assert.match(await metrics.metrics(), /failures_total\{kind="ConfigMap",reason="Expired"\} [1-9]/);
  });

  test('Connections that are cut again and again cost no change', async () => {
    start();
    for (let round = 0; round < 10; round++) {
      await create(`n${round}`);
      proxy.cut();
    }
    await hears(...Array.from({ length: 10 }, (_, round) => `+n${round}`));
    assert.equal(told.length, 10);
    assert.ok((await count('verdict_reflector_lists_total')) <= 2, 'a cut watch is no reason for a list');
  });

  test('It lives through 500, 429, 410 and 503 from list and watch', async () => {
    const statuses = [500, 429, 410, 503, 429, 500, 410];
    let next = 0;
    proxy.plan(() => {
      const status = statuses[next++];
      if (status === undefined) return undefined;
      return {
        kind: 'answer',
        status,
        reason: status === 410 ? 'Expired' : 'Injected',
        retryAfterSeconds: 0,
      };
    });
    start();
    await create('a');
    await hears('+a');
    await poll('all faults', () => next > statuses.length);
    next = 0;
    proxy.cut();
    await create('b');
    await hears('+b');
    assert.deepEqual(told, ['+a', '+b']);
  });

  test('A watch that has gone silent is dropped and taken up again', async () => {
    start();
    await poll('a watch', async () => (await count('verdict_reflector_watches_total')) > 0);
    await create('a');
    await hears('+a');
    proxy.freeze(true);
    await create('b');
    await poll('the silence to be noticed', async () =>
      /failures_total\{kind="ConfigMap",reason="Timeout"\}/.test(await metrics.metrics()),
    );
    proxy.freeze(false);
    await hears('+b');
    assert.deepEqual(told, ['+a', '+b']);
  });

  test('The periodic relist finds what a watch did not tell, puts it right and counts it', async () => {
    await create('a');
    await create('b');
    const real = connection.client;
    let deaf = true;
    const reflector = start({
      client: {
        get: real.get.bind(real),
        list: real.list.bind(real),
        // A server (or a proxy) that loses events: all but bookmarks' versions.
        async *watch(kind, options) {
          for await (const event of real.watch(kind, options))
            if (!deaf) yield event;
            else if (event.type !== 'BOOKMARK')
              yield { type: 'BOOKMARK', resourceVersion: event.object.metadata.resourceVersion ?? '' };
        },
      },
      minWatchSeconds: 1,
      relistMs: 1000,
    });
    await reflector.whenSynced(stop.signal);
    await poll('a watch', async () => (await count('verdict_reflector_watches_total')) > 0);
    await change('a', '1');
    await remove('b');
    await create('c');
    await hears('a:>1', '-b', '+c');
    assert.equal(await count('verdict_reflector_corrections_total'), 3);
    deaf = false;
    await create('d');
    await hears('+d');
    const lists = await count('verdict_reflector_lists_total');
    await poll('another relist', async () => (await count('verdict_reflector_lists_total')) > lists);
    assert.equal(
      await count('verdict_reflector_corrections_total'),
      3,
      'nothing to correct, nothing counted',
    );
  });

  test('A server whose data was set back is noticed by its silence, though nothing it has lies in the future', async () => {
    await create('a');
    for (let change = 0; change < 250; change++)
      await api.client.serverSideApply(configMapKind, {
        metadata: { namespace, name: 'bump' },
        data: { change: String(change) },
      });
    const reflector = start();
    await hears('+a');
    const version = Number(reflector.state().resourceVersion);
    await api.wipe();
    const made = await create('b');
    assert.ok(Number(made.metadata.resourceVersion) < version, 'the versions of the server lie before ours');
    await hears('-a', '+b');
  });

  test('A handler that throws ends it, because nobody knows then what was told', async () => {
    const reflector = new Reflector({
      client: connection.client,
      kind: configMapKind,
      namespace,
      labelSelector: `test=${label()}`,
      clock: systemClock,
      logger,
    });
    reflector.onChange({
      added: () => {
        throw new Error('a bug');
      },
      updated: () => undefined,
      deleted: () => undefined,
    });
    const caught = assert.rejects(reflector.run(stop.signal), /a change handler threw/);
    await create('a');
    await caught;
  });
});
