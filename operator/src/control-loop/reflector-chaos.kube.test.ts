import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { connectKube, type KubeConnection } from '../kube/connect-kube.ts';
import { keyOf, uidOf } from '../kube/kube-object.ts';
import { type ConfigMap, configMap, configMapKind } from '../testing/config-map.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { Reflector } from './reflector.ts';

const seeds = [1, 2, 3].map((seed) => Number(process.env.VERDICT_SEED ?? 0) + seed);
const namespace = 'default';
const steps = 300;

const faults: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'reset-after' },
  { kind: 'delay', ms: 50 },
  { kind: 'answer', status: 429, retryAfterSeconds: 0 },
  { kind: 'answer', status: 500 },
  { kind: 'answer', status: 503 },
  { kind: 'answer', status: 410, reason: 'Expired' },
];

describe('A reflector while everything breaks at random', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;
  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    connection = connectKube({ kubeconfig, silenceMs: 1500, rateLimit: { perSecond: 1e4, burst: 1e4 } });
  });
  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });

  /** One change of one of twelve objects: made, changed, or deleted. */
  async function changeSomething(random: () => number, label: string): Promise<void> {
    const name = `${label}-${Math.floor(random() * 12)}`;
    const at = { namespace, name };
    const known = await api.client.get(configMapKind, at);
    const metadata = { ...at, labels: { chaos: label } };
    if (known === undefined) await api.client.create(configMapKind, { ...configMap(name), metadata });
    else if (random() < 0.3) await api.client.delete(configMapKind, at, { uid: uidOf(known) });
    else await api.client.serverSideApply(configMapKind, { metadata, data: { value: String(random()) } });
  }

  async function breakSomething(random: () => number): Promise<void> {
    const what = random();
    if (what < 0.12) proxy.cut();
    else if (what < 0.15) await api.compact();
    else if (what < 0.16) {
      proxy.freeze(true);
      await systemClock.sleep(100);
      proxy.freeze(false);
    }
  }

  for (const seed of seeds)
    test(`Seed ${seed}: in the end the cache is what the server has, and what was told adds up to it`, async () => {
      const random = seededRandom(seed);
      const label = `seed-${seed}`;
      const stop = new AbortController();
      const reflector = new Reflector({
        client: connection.client,
        kind: configMapKind,
        namespace,
        labelSelector: `chaos=${label}`,
        clock: systemClock,
        logger: createLogger({ name: 'test', level: 'silent' }),
        random,
        minWatchSeconds: 1,
        relistMs: 2000,
        retry: { firstMs: 5, maxMs: 100 },
      });
      const told = new Map<string, ConfigMap>();
      reflector.onChange({
        added: (object) => {
          assert.ok(!told.has(keyOf(object)));
          told.set(keyOf(object), object);
        },
        updated: (object, old) => {
          assert.equal(told.get(keyOf(old)), old);
          assert.equal(uidOf(old), uidOf(object));
          told.set(keyOf(object), object);
        },
        deleted: (old) => {
          assert.equal(told.get(keyOf(old)), old);
          told.delete(keyOf(old));
        },
      });
      const running = reflector.run(stop.signal);
      proxy.plan(() => (random() < 0.3 ? faults[Math.floor(random() * faults.length)] : undefined));
      for (let step = 0; step < steps; step++) {
        await changeSomething(random, label);
        await breakSomething(random);
        await systemClock.sleep(random() * 10);
        if (step === steps / 2 && seed === seeds[0]) {
          await api.stop('kill');
          await api.start();
        }
      }
      proxy.plan(undefined);
      const selection = { namespace, labelSelector: `chaos=${label}` };
      const { items } = await api.client.list(configMapKind, selection);
      const versions = (objects: Iterable<ConfigMap>): string[] =>
        [...objects].map((object) => `${uidOf(object)} ${object.metadata.resourceVersion}`).sort();
      const wanted = versions(items);
      await poll('the cache to be what the server has', () => {
        const known = versions(reflector.cache.list());
        return known.length === wanted.length && known.every((one, index) => one === wanted[index]);
      });
      assert.deepEqual(versions(told.values()), wanted);
      stop.abort();
      await running;
    });
});
