import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createLogger, createMetrics } from '@verdict/process';
import { type ConfigMap, configMap, configMapKind } from '../testing/config-map.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type FaultProxy, startFaultProxy } from '../testing/fault-proxy.ts';
import { kubeApiMissing } from '../testing/kube-binaries.ts';
import { poll } from '../testing/poll.ts';
import { type KubeApi, startKubeApi } from '../testing/start-kube-api.ts';
import { connectKube, type KubeConnection } from './connect-kube.ts';
import type { EventNote } from './event-recorder.ts';
import { eventKind, KubeEventRecorder } from './kube-event-recorder.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

describe('The event recorder against a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let proxy: FaultProxy;
  let connection: KubeConnection;

  before(async () => {
    api = await startKubeApi();
    proxy = await startFaultProxy({ target: api.url });
    const kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
    connection = connectKube({ kubeconfig, timeoutMs: 500 });
  });
  afterEach(() => proxy.plan(undefined));
  after(async () => {
    connection?.close();
    await proxy?.close();
    await api?.close();
  });

  const recorder = () => {
    const clock = new FakeClock();
    const registry = createMetrics();
    const { client } = connection;
    return {
      clock,
      registry,
      events: new KubeEventRecorder({ client, clock, logger, instance: 'operator-0', registry }),
    };
  };
  const about = (name: string): Promise<ConfigMap> => api.client.create(configMapKind, configMap(name));
  const note = (message: string, more: Partial<EventNote> = {}): EventNote => ({
    type: 'Normal',
    reason: 'CanaryPassed',
    action: 'Promote',
    message,
    ...more,
  });
  const eventsOf = async (object: ConfigMap) => {
    const { items } = await api.client.list(eventKind, { namespace: 'default' });
    return items.filter((event) => event.involvedObject?.uid === object.metadata.uid);
  };
  const written = (object: ConfigMap, count: number) =>
    poll(`${count} events`, async () => {
      const found = await eventsOf(object);
      return found.length >= count && found;
    });

  test('Different notes are events of their own, with all that kubectl describe shows', async () => {
    const { events } = recorder();
    const pool = await about('pool');
    const job = await about('job');
    events.record(pool, note('partition 1 of 8 passed'));
    events.record(pool, note('partition 2 of 8 passed', { related: job }));
    events.record(pool, note('too many alarms', { type: 'Warning', reason: 'CanaryFailed' }));
    const found = await written(pool, 3);
    const failed = found.find((event) => event.reason === 'CanaryFailed');
    assert.equal(failed?.type, 'Warning');
    assert.equal(failed?.message, 'too many alarms');
    assert.equal(failed?.reportingComponent, 'verdict.dev/operator');
    assert.equal(failed?.reportingInstance, 'operator-0');
    assert.equal(failed?.involvedObject?.kind, 'ConfigMap');
    assert.deepEqual(
      found.map((event) => event.related?.name).filter((name) => name !== undefined),
      ['job'],
    );
    await events.close(5000);
  });

  test('Events have the time that kubectl describe sorts by, which moves with the newest repeat', async () => {
    const { events, clock } = recorder();
    const pool = await about('sorted');
    events.record(pool, note('twice'));
    await clock.advance(5000);
    events.record(pool, note('once'));
    await clock.advance(5000);
    events.record(pool, note('twice'));
    await written(pool, 2);
    // It comes back as a text, whatever the type says.
    const lastMs = ({ lastTimestamp }: { lastTimestamp?: unknown }) => Date.parse(String(lastTimestamp));
    const told = await poll('the repeat', async () => {
      const sorted = (await eventsOf(pool)).sort((a, b) => lastMs(a) - lastMs(b));
      return sorted.at(-1)?.series?.count === 2 && sorted;
    });
    assert.deepEqual(
      told.map(({ message }) => message),
      ['once', 'twice'],
    );
    await events.close(5000);
  });

  test('The same note again is a count in its series; after six silent minutes it is a new event', async () => {
    const { events, clock } = recorder();
    const pool = await about('series');
    events.record(pool, note('again'));
    const [first] = await written(pool, 1);
    assert.equal(first?.series, undefined);
    events.record(pool, note('again'));
    await poll('the series', async () => (await eventsOf(pool))[0]?.series?.count === 2);
    for (let times = 0; times < 50; times++) events.record(pool, note('again'));
    assert.equal((await eventsOf(pool))[0]?.series?.count, 2, 'repeats are not written one by one');
    await clock.advance(61_000);
    events.record(pool, note('again'));
    await poll('the count', async () => (await eventsOf(pool))[0]?.series?.count === 53);
    assert.equal((await eventsOf(pool)).length, 1);
    await clock.advance(360_000);
    events.record(pool, note('again'));
    await written(pool, 2);
    await events.close(5000);
  });

  test('A flood about one object is cut off and counted, and other objects are still heard', async () => {
    const { events, registry } = recorder();
    const noisy = await about('noisy');
    const quiet = await about('quiet');
    for (let index = 0; index < 100; index++)
      events.record(noisy, note('told', { reason: `Number${index}` }));
    events.record(quiet, note('heard'));
    await written(quiet, 1);
    assert.equal((await eventsOf(noisy)).length, 25);
    assert.match(await registry.metrics(), /verdict_events_dropped_total\{reason="rate"\} 75/);
    await events.close(5000);
  });

  test('The tenth of many that say the same in other words stands for all that follow, by the newest', async () => {
    const { events, registry, clock } = recorder();
    const wordy = await about('wordy');
    for (let lag = 1; lag <= 50; lag++) events.record(wordy, note(`lag is ${lag}`));
    await written(wordy, 10);
    await clock.advance(61_000);
    events.record(wordy, note('lag is 51'));
    const combined = await poll('the newest words', async () =>
      (await eventsOf(wordy)).find(({ message }) => message === '(combined from similar events): lag is 51'),
    );
    assert.equal(combined.series?.count, 42);
    assert.equal((await eventsOf(wordy)).length, 10);
    assert.doesNotMatch(await registry.metrics(), /verdict_events_dropped_total\{/);
    await events.close(5000);
  });

  test('A server that refuses or is away costs the event, never the caller; a closed recorder says nothing', async () => {
    const { events, registry, clock } = recorder();
    const pool = await about('refused');
    proxy.plan(() => ({ kind: 'answer', status: 403, reason: 'Forbidden' }));
    events.record(pool, note('refused'));
    await poll('the drop', async () => /reason="refused"\} 1/.test(await registry.metrics()));
    proxy.plan(() => ({ kind: 'silence' }));
    events.record(pool, note('never'));
    const closing = events.close(100);
    await clock.advance(200);
    await closing;
    assert.match(await registry.metrics(), /reason="stopped"\} 1/);
    events.record(pool, note('too late'));
    proxy.plan(undefined);
    assert.deepEqual(await eventsOf(pool), []);
  });
});
