import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createLogger, createMetrics, systemClock } from '@verdict/process';
import { connectKube, type KubeConnection } from '../kube/connect-kube.ts';
import { fencedClient, type Leadership } from '../kube/fenced-client.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import { leaseKind } from '../kube/lease.ts';
import { configMap, configMapKind } from '../testing/config-map.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { LeaderElection, type LeaderElectionOptions } from './leader-election.ts';
import { LeaseLock } from './lease-lock.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const namespace = 'default';
const timings = { leaseMs: 2000, renewDeadlineMs: 1200, retryMs: 150 };
/** Where nobody is to lose the lead, however slow the machine is. */
const patient = { leaseMs: 60_000, renewDeadlineMs: 40_000, retryMs: 150 };

describe('Leader election over a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;
  const stops: AbortController[] = [];

  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    connection = connectKube({ kubeconfig: api.kubeconfigFor('proxy', { server: proxy.url }) });
  });
  afterEach(() => {
    proxy.plan(undefined);
    for (const stop of stops.splice(0)) stop.abort();
  });
  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });

  const lock = (name: string, identity: string, clock: FakeClock, client: KubeClient = api.client) =>
    new LeaseLock({ client, namespace, name, identity, leaseMs: 15_000, clock });
  const limit = { signal: new AbortController().signal, timeoutMs: 5000 };
  const leaseOf = async (name: string) => (await api.client.get(leaseKind, { namespace, name }))?.spec;

  /** A replica that wants to lead; leads until its signal is aborted. */
  const candidate = (name: string, identity: string, options: Partial<LeaderElectionOptions> = {}) => {
    const stop = new AbortController();
    stops.push(stop);
    const client = connection.client;
    const common = { client, namespace, name, identity, clock: systemClock, logger, timings };
    const election = new LeaderElection({ ...common, ...options });
    let leadership: Leadership | undefined;
    const end = election.run(stop.signal, async (given) => {
      leadership = given;
      if (!given.signal.aborted)
        await new Promise<void>((resolve) => given.signal.addEventListener('abort', () => resolve()));
    });
    return {
      election,
      end,
      stop: () => stop.abort(),
      leads: () => poll(`${identity} to lead`, () => leadership),
      get leadership() {
        return leadership;
      },
    };
  };

  test('A holder that falls silent is replaced after the whole lease by the clock of the one who waits', async () => {
    const [hers, his] = [new FakeClock(), new FakeClock()];
    const holder = lock('silent', 'her', hers);
    const waiting = lock('silent', 'him', his);
    assert.equal(await holder.hold(limit), true);
    assert.equal(await waiting.hold(limit), false);
    await Promise.all([hers.advance(10_000), his.advance(10_000)]);
    assert.equal(await holder.hold(limit), true, 'she renews');
    assert.equal(await waiting.hold(limit), false, 'he sees it');
    await his.advance(14_999);
    assert.equal(await waiting.hold(limit), false);
    await his.advance(1);
    assert.equal(await waiting.hold(limit), true);
    assert.equal((await leaseOf('silent'))?.leaseTransitions, 1);
    assert.equal(await holder.hold(limit), false, 'she sees that it is his');
    assert.equal(holder.holder, 'him');
  });

  test('A clock that is years off and runs backwards does no harm: only changes of the record count', async () => {
    const [right, wrong] = [new FakeClock(), new FakeClock()];
    wrong.nowMs = () => Date.UTC(2001, 0) - wrong.monotonicMs();
    const holder = lock('skewed', 'her', wrong);
    const waiting = lock('skewed', 'him', right);
    assert.equal(await holder.hold(limit), true);
    assert.equal(await waiting.hold(limit), false);
    await Promise.all([right.advance(10_000), wrong.advance(10_000)]);
    assert.equal(await holder.hold(limit), true);
    assert.equal(await waiting.hold(limit), false);
    await right.advance(10_000);
    assert.equal(await waiting.hold(limit), false);
  });

  test('A renewal whose answer was lost is found out and counts', async () => {
    const holder = lock('lost-answer', 'her', new FakeClock(), connection.client);
    assert.equal(await holder.hold(limit), true);
    proxy.plan(() => ({ kind: 'reset-after' }));
    await assert.rejects(holder.hold(limit));
    proxy.plan(undefined);
    assert.equal(await holder.hold(limit), true);
    await holder.release(limit);
    assert.equal((await leaseOf('lost-answer'))?.holderIdentity, '');
  });

  test('One of two leads; when it stops, the lease is given back and the other leads without waiting for it', async () => {
    const registry = createMetrics();
    const first = candidate('pair', 'one', { registry, timings: patient });
    await first.leads();
    const second = candidate('pair', 'two', { timings: patient });
    await poll('the second to have looked', () => second.election.leader === 'one');
    assert.equal(second.election.isLeader(), false);
    assert.match(await registry.metrics(), /leader_election_master_status\{name="pair"\} 1/);
    first.stop();
    assert.equal(await first.end, 'stopped');
    assert.equal(first.leadership?.holds(), false);
    assert.match(await registry.metrics(), /leader_election_master_status\{name="pair"\} 0/);
    await second.leads();
    assert.equal((await leaseOf('pair'))?.holderIdentity, 'two');
    assert.equal((await leaseOf('pair'))?.leaseTransitions, 1);
  });

  test('A leader that reaches the server no more loses in time, writes nothing more, and the other takes over', async () => {
    const first = candidate('cut', 'one');
    const { signal } = await first.leads();
    const second = candidate('cut', 'two', { client: api.client });
    const fenced = fencedClient(api.client, first.leadership as Leadership);
    await fenced.create(configMapKind, configMap('while-leading'));
    proxy.plan(() => ({ kind: 'silence' }));
    assert.equal(await first.end, 'lost');
    assert.equal(signal.aborted, true);
    assert.notEqual(second.election.leader, 'two', 'it was over before another led');
    await assert.rejects(fenced.create(configMapKind, configMap('after-leading')), /does not lead any more/);
    assert.ok(await fenced.get(configMapKind, { namespace, name: 'while-leading' }), 'reads go on');
    await second.leads();
    assert.equal(await api.client.get(configMapKind, { namespace, name: 'after-leading' }), undefined);
  });

  test('A server that is away for less than the renew deadline costs nothing', async () => {
    const first = candidate('blip', 'one', { timings: patient });
    await first.leads();
    let refused = 0;
    proxy.plan(() => {
      refused++;
      return refused <= 4 ? { kind: 'reset' } : undefined;
    });
    await poll('renewals', () => refused > 8);
    assert.equal(first.leadership?.holds(), true);
    first.stop();
    assert.equal(await first.end, 'stopped');
  });

  test('A lease that another took by force ends the lead at the next renewal', async () => {
    const first = candidate('taken', 'one');
    await first.leads();
    await api.client.serverSideApply(leaseKind, {
      metadata: { namespace, name: 'taken' },
      spec: { holderIdentity: 'somebody' },
    });
    assert.equal(await first.end, 'lost');
    assert.equal((await leaseOf('taken'))?.holderIdentity, 'somebody');
  });

  test('What does not stop in time keeps the lease, so that nobody works beside it', async () => {
    const stop = new AbortController();
    const client = connection.client;
    const election = new LeaderElection({
      ...{ client, namespace, name: 'slow', identity: 'one', clock: systemClock, logger, timings },
      stopMs: 50,
    });
    let release = (): void => undefined;
    let leading = false;
    const end = election.run(stop.signal, () => {
      leading = true;
      return new Promise((resolve) => {
        release = resolve;
      });
    });
    await poll('the lead', () => leading);
    stop.abort();
    assert.equal(await end, 'stopped');
    assert.equal((await leaseOf('slow'))?.holderIdentity, 'one');
    release();
  });
});
