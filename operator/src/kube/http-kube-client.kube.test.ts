import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createMetrics } from '@verdict/process';
import { type ConfigMap, configMap, configMapKind } from '../testing/config-map.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { connectKube, type KubeConnection } from './connect-kube.ts';
import type { KubeClient, WatchEvent } from './kube-client.ts';
import { isAlreadyExists, isConflict, isExpired, isInvalid, KubeError } from './kube-error.ts';
import { uidOf } from './kube-object.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { resourceKind } from './resource-kind.ts';

describe('The client against a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;
  let client: KubeClient;

  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    connection = connectKube({ kubeconfig, random: () => 0 });
    client = connection.client;
  });

  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });

  const named = (name: string) => ({ namespace: 'default', name });
  const failure = async (promise: Promise<unknown>): Promise<KubeError> => {
    const error = await promise.then(
      () => undefined,
      (reason) => reason,
    );
    assert.ok(error instanceof KubeError, `no KubeError: ${error}`);
    return error;
  };

  test('An object that does not exist is undefined, a kind that does not exist an error', async () => {
    assert.equal(await client.get(configMapKind, named('nowhere')), undefined);
    const unknown = resourceKind({ ...configMapKind, apiVersion: 'verdict.dev/v9', plural: 'nothings' });
    const error = await failure(client.get(unknown, named('x')));
    assert.equal(error.status, 404);
    assert.match(error.message, /^get ConfigMap default\/x: the API server answered 404 NotFound/);
  });

  test('Applying creates, changes what we own, drops what we no longer say, and leaves the rest', async () => {
    await client.create(configMapKind, configMap('applied', { theirs: '1' }));
    const first = await client.serverSideApply(configMapKind, {
      metadata: named('applied'),
      data: { a: '1', b: '1' },
    });
    assert.deepEqual(first.data, { theirs: '1', a: '1', b: '1' });
    const second = await client.serverSideApply(configMapKind, {
      metadata: named('applied'),
      data: { a: '2' },
    });
    assert.deepEqual(second.data, { theirs: '1', a: '2' });
    const managers = second.metadata.managedFields?.map((entry) => `${entry.manager} ${entry.operation}`);
    assert.ok(managers?.includes('verdict-operator Apply'), String(managers));
    const { resourceVersion } = second.metadata;
    const third = await client.serverSideApply(configMapKind, {
      metadata: named('applied'),
      data: { a: '2' },
    });
    assert.equal(
      third.metadata.resourceVersion,
      resourceVersion,
      'an apply that changes nothing is no write',
    );
  });

  test('A taken name, a stale version and an invalid object are told apart', async () => {
    const made = await client.create(configMapKind, configMap('told'));
    assert.ok(isAlreadyExists(await failure(client.create(configMapKind, configMap('told')))));
    await client.replace(configMapKind, { ...made, data: { a: '1' } });
    const stale = await failure(client.replace(configMapKind, { ...made, data: { a: '2' } }));
    assert.ok(isConflict(stale) && !isAlreadyExists(stale));
    const invalid = await failure(client.create(configMapKind, configMap('Not_A_Name')));
    assert.ok(isInvalid(invalid));
    assert.match(invalid.message, /metadata.name/);
  });

  test('Deleting hits only the object with that uid, and what is gone already is fine', async () => {
    const old = await client.create(configMapKind, configMap('deleted'));
    const name = named('deleted');
    await client.delete(configMapKind, name, { uid: uidOf(old) });
    assert.equal(await client.get(configMapKind, name), undefined);
    await client.delete(configMapKind, name, { uid: uidOf(old) });
    const fresh = await client.create(configMapKind, configMap('deleted'));
    await client.delete(configMapKind, name, { uid: uidOf(old) });
    assert.equal((await client.get(configMapKind, name))?.metadata.uid, fresh.metadata.uid);
  });

  test('A list comes in pages and is whole; items say what they are; an old version can be listed', async () => {
    for (let index = 0; index < 7; index++)
      await client.create(configMapKind, {
        ...configMap(`page-${index}`),
        metadata: { ...named(`page-${index}`), labels: { paged: 'yes' } },
      });
    const asked = proxy.requests.length;
    const selection = { namespace: 'default', labelSelector: 'paged=yes' };
    const { items, resourceVersion } = await client.list(configMapKind, { ...selection, pageSize: 3 });
    assert.equal(items.length, 7);
    assert.equal(items[0]?.kind, 'ConfigMap');
    assert.equal(proxy.requests.length - asked, 3);
    const [first] = items;
    assert.ok(first);
    await client.delete(configMapKind, named('page-0'), { uid: uidOf(first) });
    const then = await client.list(configMapKind, { ...selection, atResourceVersion: resourceVersion });
    assert.equal(then.items.length, 7);
    assert.equal((await client.list(configMapKind, selection)).items.length, 6);
  });

  test('A list whose version is compacted away half way is taken anew', async () => {
    for (let index = 0; index < 4; index++) await client.create(configMapKind, configMap(`half-${index}`));
    // A real server answers so when its watch cache forgets the version; no test can make it do that at will.
    proxy.plan(async ({ path }) => {
      if (!path.includes('continue=')) return undefined;
      await api.client.create(configMapKind, configMap('half-late'));
      return { kind: 'answer', status: 410, reason: 'Expired' };
    });
    const { items } = await client.list(configMapKind, { namespace: 'default', pageSize: 2 });
    proxy.plan(undefined);
    const names = items.map((item) => item.metadata.name).filter((name) => name?.startsWith('half-'));
    assert.deepEqual(names, ['half-0', 'half-1', 'half-2', 'half-3', 'half-late']);
  });

  test('429, 500 and 503 are waited out; a lost connection only by reads', async () => {
    const faults = [
      { kind: 'answer', status: 429, retryAfterSeconds: 0 },
      { kind: 'answer', status: 500 },
      { kind: 'answer', status: 503 },
    ] as const;
    let next = 0;
    proxy.plan(() => faults[next++]);
    const applied = await client.serverSideApply(configMapKind, {
      metadata: named('retried'),
      data: { a: '1' },
    });
    assert.equal(applied.data?.a, '1');
    assert.equal(next, 4);
    next = 0;
    proxy.plan(() => (next++ === 0 ? { kind: 'reset' } : undefined));
    assert.ok(await client.get(configMapKind, named('retried')));
    next = 0;
    const lost = await failure(client.create(configMapKind, configMap('lost')));
    assert.equal(lost.reason, 'Unreachable');
    assert.equal(next, 1);
    proxy.plan(undefined);
  });

  test('Every answer is counted by method and code, and none at all too', async () => {
    const registry = createMetrics();
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    const counted = connectKube({ kubeconfig, metrics: createRequestMetrics(registry), random: () => 0 });
    const faults = [{ kind: 'answer', status: 503 }, undefined, { kind: 'reset' }] as const;
    let next = 0;
    proxy.plan(() => faults[next++]);
    await counted.client.serverSideApply(configMapKind, { metadata: named('counted') });
    await failure(counted.client.serverSideApply(configMapKind, { metadata: named('counted') }));
    const text = await registry.metrics();
    for (const code of ['503', '201', '<error>'])
      assert.ok(text.includes(`rest_client_requests_total{method="PATCH",code="${code}"} 1`), text);
    proxy.plan(undefined);
    counted.close();
  });

  test('What stays broken is given up after five tries, and a hanging request at its time limit', async () => {
    let tries = 0;
    proxy.plan(() => {
      tries++;
      return { kind: 'answer', status: 503 };
    });
    const broken = await failure(client.get(configMapKind, named('x')));
    assert.equal(broken.status, 503);
    assert.equal(tries, 5);
    proxy.plan(() => ({ kind: 'silence' }));
    const late = await failure(client.get(configMapKind, named('x'), { timeoutMs: 100, maxRetries: 0 }));
    assert.equal(late.reason, 'Timeout');
    assert.match(late.message, /get ConfigMap default\/x: no answer from the API server within 100 ms/);
    proxy.plan(undefined);
  });

  test('A write whose answer was lost was done: creating again finds the name taken', async () => {
    proxy.plan(() => ({ kind: 'reset-after' }));
    const lost = await failure(client.create(configMapKind, configMap('once')));
    assert.equal(lost.reason, 'Unreachable');
    proxy.plan(undefined);
    assert.ok(isAlreadyExists(await failure(client.create(configMapKind, configMap('once')))));
  });

  test('A token that is not taken any more is read anew, and the request is sent again', async () => {
    const kubeconfig = api.kubeconfigFor('rotated', { token: 'from-yesterday' });
    const rotated = connectKube({ kubeconfig });
    api.kubeconfigFor('rotated', {});
    assert.equal(await rotated.client.get(configMapKind, named('nowhere')), undefined);
    rotated.close();
    const stale = connectKube({ kubeconfig: api.kubeconfigFor('stale', { token: 'from-yesterday' }) });
    assert.equal((await failure(stale.client.get(configMapKind, named('nowhere')))).status, 401);
    stale.close();
  });

  test('An aborted request rejects with the reason it was aborted for', async () => {
    proxy.plan(() => ({ kind: 'silence' }));
    const controller = new AbortController();
    const asking = client.get(configMapKind, named('x'), { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(asking, /enough/);
    proxy.plan(() => ({ kind: 'answer', status: 429, retryAfterSeconds: 9 }));
    const waiting = new AbortController();
    const retrying = client.get(configMapKind, named('x'), { signal: waiting.signal });
    const asked = proxy.requests.length;
    await poll('the first answer', () => proxy.requests.length > asked);
    waiting.abort(new Error('too long'));
    await assert.rejects(retrying, /too long/);
    proxy.plan(undefined);
  });

  const watchFrom = (resourceVersion: string, timeoutSeconds: number, signal: AbortSignal) =>
    client.watch(configMapKind, { namespace: 'default', resourceVersion, timeoutSeconds, signal });

  test('A watch tells what happens after its version and ends when the server ends it', async () => {
    const { resourceVersion } = await client.list(configMapKind, { namespace: 'default' });
    const made = await client.create(configMapKind, configMap('watched'));
    await client.serverSideApply(configMapKind, { metadata: named('watched'), data: { a: '1' } });
    await client.delete(configMapKind, named('watched'), { uid: uidOf(made) });
    const events: WatchEvent<ConfigMap>[] = [];
    for await (const event of watchFrom(resourceVersion, 2, new AbortController().signal)) events.push(event);
    const types = events.map((event) => event.type).filter((type) => type !== 'BOOKMARK');
    assert.deepEqual(types, ['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('A watch from a version that was compacted away is refused as expired', async () => {
    const made = await client.create(configMapKind, configMap('compacted'));
    for (let index = 0; index < 5; index++)
      await client.serverSideApply(configMapKind, {
        metadata: named('compacted'),
        data: { a: String(index) },
      });
    await api.compact();
    await api.stop('kill');
    await api.start();
    const reading = (async () => {
      const version = made.metadata.resourceVersion ?? '';
      for await (const _ of watchFrom(version, 5, new AbortController().signal));
    })();
    assert.ok(isExpired(await failure(reading)));
  });

  test('A watch on which nothing comes any more is given up', async () => {
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    const impatient = connectKube({ kubeconfig, silenceMs: 200 });
    const { resourceVersion } = await client.list(configMapKind, { namespace: 'default' });
    const watching = impatient.client.watch(configMapKind, {
      namespace: 'default',
      resourceVersion,
      timeoutSeconds: 60,
      signal: new AbortController().signal,
    });
    const error = await failure(
      (async () => {
        for await (const _ of watching);
      })(),
    );
    assert.equal(error.reason, 'Timeout');
    impatient.close();
  });
});
