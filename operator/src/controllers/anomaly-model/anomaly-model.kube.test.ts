import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { systemClock } from '@verdict/process';
import { controllerOf } from '../../kube/kube-object.ts';
import { type OperatorLife, startOperator } from '../../operator-life.fixture.ts';
import { InMemoryPlatform } from '../../platform/in-memory-platform.fixture.ts';
import { distrust } from '../../platform/platform-views.fixture.ts';
import { trainingJobName } from '../../resources/child-names.ts';
import { annotation } from '../../resources/labels.ts';
import { applyCrds } from '../../testing/apply-crds.ts';
import type { ChildProgram } from '../../testing/child-program.ts';
import { type FaultProxy, startFaultProxy } from '../../testing/fault-proxy.ts';
import { poll } from '../../testing/poll.ts';
import { spedUpClock } from '../../testing/sped-up-clock.ts';
import { controllersMissing, startControllers } from '../../testing/start-controllers.ts';
import { type KubeApi, startKubeApi } from '../../testing/start-kube-api.ts';
import { KubeShop } from './model-kube.fixture.ts';

describe('AnomalyModels at a real API server', { skip: controllersMissing }, () => {
  let api: KubeApi;
  let controllers: ChildProgram;
  let proxy: FaultProxy;
  let platform: InMemoryPlatform;
  let operator: OperatorLife;
  let kubeconfig: string;

  before(async () => {
    api = await startKubeApi();
    await applyCrds(api.client);
    controllers = startControllers(api, ['job-controller']);
    proxy = await startFaultProxy({ target: api.url });
    kubeconfig = api.kubeconfigFor('proxy', { server: proxy.url });
  });
  after(async () => {
    await proxy?.close();
    await controllers?.stop(0);
    await api?.close();
  });
  beforeEach(() => {
    platform = new InMemoryPlatform();
  });
  afterEach(async () => {
    proxy.plan(undefined);
    await operator?.stop();
  });

  const start = (namespace: string, times = 10): void => {
    operator = startOperator({
      kubeconfig,
      platform,
      controllers: ['models'],
      clock: spedUpClock(times),
      namespaces: [namespace],
    });
  };
  /** A model whose pool is served, and its operator. */
  const serve = async (
    namespace: string,
    spec: Parameters<KubeShop['create']>[0] = {},
  ): Promise<KubeShop> => {
    const shop = new KubeShop(api, namespace);
    platform.addServedPool(namespace, 'shop');
    await shop.create(spec);
    start(namespace);
    await shop.until('Ready', 'True/Serving');
    return shop;
  };
  const writesTo = (from: number): string[] =>
    proxy.requests
      .slice(from)
      .filter(({ write }) => write)
      .map(({ method, path }) => `${method} ${path}`);

  test('a model is declared, trained once by the word of verdicts, and tells how that went', async () => {
    const shop = await serve('trained');
    const name = { namespace: 'trained', name: 'shop' };
    assert.deepEqual(platform.writes, ['putModel trained/shop']);
    platform.addVersion('trained', 'shop', 1, 'accepted');
    const trust = distrust(1, 41, systemClock.nowMs());
    platform.change('trained', 'shop', { champion: 1, readings: 5000, trust });
    await shop.until('Training', 'True/JobRuns');
    const [job, ...more] = await shop.jobs();
    assert.deepEqual([job?.metadata.name, more.length], [trainingJobName('shop', 'confidence-v1-41'), 0]);
    assert.equal(job?.metadata.annotations?.[annotation.trigger], 'confidence-v1-41');
    assert.match(
      job?.metadata.annotations?.[annotation.triggerReason] ?? '',
      /confidence in version 1 is bad/,
    );
    assert.equal(job && controllerOf(job)?.uid, (await shop.now()).metadata.uid);
    // More verdicts come while it runs: they are another trigger, and have to wait.
    platform.change('trained', 'shop', { trust: distrust(1, 45, systemClock.nowMs()) });
    await shop.succeed(platform, 'confidence-v1-41', 2);
    const { status } = await shop.until('Training', 'False/Succeeded');
    assert.deepEqual(
      [status?.lastTraining?.version, status?.candidate?.version, status?.confidence?.text],
      [2, 2, '20 % (10-31 %)'],
    );
    await shop.until('RetrainPending', 'True/CandidateOnItsWay');
    assert.equal((await shop.jobs()).length, 1);
    assert.deepEqual(platform.writes, [
      'putModel trained/shop',
      `beginTraining ${name.namespace}/shop confidence-v1-41`,
    ]);
    assert.deepEqual(
      operator.said.filter((reason) => /Training|Confidence/.test(reason)),
      ['ConfidenceBad', 'TrainingStarted', 'TrainingSucceeded'],
    );
  });

  test('each value of the annotation asks for one training, and only a new one for another', async () => {
    const shop = await serve('asked');
    await shop.annotate('one');
    await shop.succeed(platform, 'asked-one', 1);
    const { status } = await shop.until('Training', 'False/Succeeded');
    assert.equal(status?.handledRetrain, 'one');
    platform.forgetTrainings('asked', 'shop');
    await shop.annotate('two');
    await shop.endPod(3, () => {
      const end = { state: 'refused', version: 2, message: 'it found 3 of 20 events' } as const;
      platform.addVersion('asked', 'shop', 2, 'refused');
      platform.endTraining({ namespace: 'asked', name: 'shop' }, 'asked-two', end);
    });
    await shop.until('Training', 'False/Refused');
    await shop.until('CandidateAccepted', 'False/Refused');
    // It was answered, although the platform lists it no more.
    platform.forgetTrainings('asked', 'shop');
    await shop.annotate('one');
    await poll('the old value to be seen', () => operator.said.includes('RequestIgnored'));
    assert.equal((await shop.jobs()).length, 2);
  });

  test('a Job that is killed again and again ends as a failure that says how its pod ended', async () => {
    const shop = await serve('killed', { training: { minimumReadings: 1000, retries: 0 } });
    await shop.annotate('now');
    await shop.endPod(137, undefined, 'OOMKilled');
    await poll('the pod that reports it', async () => {
      const [job] = await shop.jobs();
      return job?.status?.failed === 1;
    });
    await shop.endPod(137, undefined, 'OOMKilled');
    const { status } = await shop.until('Training', 'False/Failed');
    assert.match(
      status?.lastTraining?.message ?? '',
      /^Job shop-train-\w+ failed: .*OOMKilled \(exit code 137\)/,
    );
    assert.equal(platform.model('killed', 'shop').trainings[0]?.state, 'failed');
    assert.ok(operator.said.includes('TrainingFailed'));
    await shop.annotate('again');
    await shop.until('Training', 'True/JobRuns');
    assert.equal((await shop.jobs()).length, 2);
  });

  test('while the platform is away nothing is made, and Ready is Unknown; then it goes on by itself', async () => {
    const shop = new KubeShop(api, 'away');
    platform.available = false;
    await shop.create();
    await shop.annotate('now');
    start('away');
    await shop.until('Ready', 'Unknown/PlatformUnavailable');
    assert.deepEqual(await shop.jobs(), []);
    platform.addServedPool('away', 'shop');
    platform.available = true;
    await shop.until('Training', 'True/JobRuns');
    platform.available = false;
    await shop.until('Ready', 'Unknown/PlatformUnavailable');
    const before = proxy.requests.length;
    await systemClock.sleep(2000);
    assert.deepEqual(writesTo(before), []);
    platform.available = true;
    await shop.until('Ready', 'True/Serving');
    assert.deepEqual(
      operator.said.filter((reason) => reason !== 'TrainingStarted'),
      ['PlatformUnavailable', 'Serving', 'PlatformUnavailable', 'Serving'],
    );
  });

  test('a Job that cannot be created is told and tried again', async () => {
    const shop = await serve('quota');
    proxy.plan(({ method, path }) =>
      method === 'POST' && path.includes('/jobs')
        ? { kind: 'answer', status: 403, reason: 'Forbidden' }
        : undefined,
    );
    await shop.annotate('now');
    const { status } = await shop.until('Training', 'False/JobNotCreated');
    assert.deepEqual([status?.lastTraining?.state, (await shop.jobs()).length], ['pending', 0]);
    await shop.until('RetrainPending', 'True/JobToBeCreated');
    proxy.plan(undefined);
    await shop.until('Training', 'True/JobRuns');
    assert.equal((await shop.jobs()).length, 1);
  });

  test('a model that rests is not written to for ten minutes', async () => {
    const shop = await serve('idle');
    platform.addVersion('idle', 'shop', 1, 'accepted');
    const trust = { ...distrust(1, 41, systemClock.nowMs()) };
    const calm = { ...trust, confidence: { ...trust.confidence, state: 'good' as const } };
    platform.change('idle', 'shop', { champion: 1, readings: 5000, trust: calm });
    await shop.until('Trained', 'True/Learnt');
    await operator.stop();
    start('idle', 100);
    await poll('the new operator to look', () => platform.reads > 5);
    const [requests, reads, writes] = [proxy.requests.length, platform.reads, platform.writes.length];
    // Six seconds at a hundred times the speed; the readings of the history go on all the while.
    for (let round = 1; round <= 12; round++) {
      await systemClock.sleep(500);
      const at = new Date(systemClock.nowMs()).toISOString();
      platform.change('idle', 'shop', { readings: 5000 + round, trust: { ...calm, at } });
    }
    assert.ok(platform.reads - reads >= 20, `${platform.reads - reads} looks`);
    assert.deepEqual(writesTo(requests), []);
    assert.equal(platform.writes.length, writes);
  });

  test('detectors that are replaced are no news; that none serves is, after a while', async () => {
    const shop = await serve('handover');
    platform.removePool('handover', 'shop');
    const reads = platform.reads;
    await poll('a look', () => platform.reads > reads);
    platform.addServedPool('handover', 'shop');
    await poll('another look', () => platform.reads > reads + 2);
    assert.deepEqual(operator.said, ['Serving']);
    platform.removePool('handover', 'shop');
    await shop.until('Ready', 'False/NoPool');
    platform.addServedPool('handover', 'shop');
    await shop.until('Ready', 'True/Serving');
  });

  test('a spec that is changed is declared anew, and told for its generation', async () => {
    const shop = await serve('changed');
    await shop.patchSpec({ window: 16 });
    const { generation } = (await shop.now()).metadata;
    await poll(
      'the new generation',
      async () => (await shop.now()).status?.observedGeneration === generation,
    );
    assert.equal(platform.model('changed', 'shop').spec.window, 16);
    assert.equal(platform.writes.length, 2);
  });
});
