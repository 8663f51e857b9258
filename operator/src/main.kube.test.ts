import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from '@verdict/process/testing';
import { createShop, poolNow, said, startPoolApi } from './controllers/detector-pool/pool-kube.fixture.ts';
import { eventKind } from './kube/kube-event-recorder.ts';
import { InMemoryPlatform } from './platform/in-memory-platform.fixture.ts';
import { standInGateway } from './platform/stand-in-gateway.fixture.ts';
import { settings } from './resources/objects.fixture.ts';
import { kubeApiMissing } from './testing/kube-binaries.ts';
import { poll } from './testing/poll.ts';
import { StandInNodes } from './testing/stand-in-nodes.ts';
import type { KubeApi } from './testing/start-kube-api.ts';

const namespace = 'team-a';

/** One operator as a process, and the address of its pages. */
interface Operator {
  readonly child: ChildProcess;
  readonly url: string;
}

describe('The operator as a process', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let nodes: StandInNodes;
  let gateway: Awaited<ReturnType<typeof standInGateway>>;
  let environment: NodeJS.ProcessEnv;
  let receiver: OtlpReceiver;
  const platform = new InMemoryPlatform();
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-operator-'));
  const started: ChildProcess[] = [];

  before(async () => {
    api = await startPoolApi();
    nodes = new StandInNodes(api.client, platform);
    gateway = await standInGateway(platform);
    receiver = await startOtlpReceiver();
    platform.addModel(namespace, 'shop');
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
    writeFileSync(path.join(folder, 'token'), 'operator\n');
    environment = {
      KUBECONFIG: api.kubeconfig,
      VERDICT_GATEWAY_URL: gateway.url,
      VERDICT_SERVICE_TOKEN_FILE: path.join(folder, 'token'),
      VERDICT_SETTINGS_FILE: path.join(folder, 'settings.json'),
      VERDICT_NAMESPACES: `${namespace},team-b`,
      VERDICT_LOG_LEVEL: 'warn',
    };
  });
  after(async () => {
    for (const child of started) child.kill('SIGKILL');
    await nodes?.stop();
    await gateway?.close();
    await receiver?.close();
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const spawnOperator = (name: string, more: NodeJS.ProcessEnv = {}): ChildProcess => {
    const env = { ...environment, VERDICT_POD_NAME: name, ...more };
    const main = path.join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    started.push(child);
    return child;
  };
  const start = async (name: string): Promise<Operator> => {
    const child = spawnOperator(name, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    child.stderr?.resume();
    const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(120_000) })) as [
      { port: number },
    ];
    return { child, url: `http://127.0.0.1:${message.port}` };
  };
  const page = async ({ url }: Operator, at: string) =>
    await fetch(url + at, { signal: AbortSignal.timeout(5000) });
  const state = async (operator: Operator) =>
    (await (await page(operator, '/debug/state')).json()) as { leading: boolean; controllers: object[] };

  test('one of two replicas leads, the other takes over at once when it stops', async () => {
    const first = await start('operator-a');
    await poll('the first to lead', async () => (await state(first)).leading);
    const second = await start('operator-b');
    await createShop(api, namespace);
    await poll(
      'the pool to be served',
      async () => said(await poolNow(api, namespace), 'Ready') === 'True/Serving',
    );
    await poll('both to be ready', async () => {
      const answers = await Promise.all([page(first, '/readyz'), page(second, '/readyz')]);
      return answers.every(({ status }) => status === 200);
    });
    assert.equal((await state(second)).leading, false);
    const metrics = await (await page(first, '/metrics')).text();
    for (const name of [
      'controller_runtime_reconcile_total{controller="detector-pool",result="requeue_after"}',
      'controller_runtime_reconcile_total{controller="anomaly-model",result="requeue_after"}',
      'workqueue_depth{name="detector-pool",controller="detector-pool"}',
      'leader_election_master_status{name="verdict-operator"} 1',
      'rest_client_requests_total{method="PATCH",code="200"}',
      'verdict_reflector_objects{kind="DetectorPool/team-a"} 1',
      'verdict_pool_lag_events{pool_namespace="team-a",pool="shop"} 0',
      'verdict_pool_detectors_ready{pool_namespace="team-a",pool="shop"} 1',
    ])
      assert.ok(metrics.includes(name), name);
    const { items } = await api.client.list(eventKind, { namespace });
    assert.ok(
      items.some(({ reason, involvedObject }) => reason === 'Serving' && involvedObject?.name === 'shop'),
    );

    const stoppedAtMs = performance.now();
    first.child.kill('SIGTERM');
    const [code] = await once(first.child, 'exit', { signal: AbortSignal.timeout(10_000) });
    assert.equal(code, 0);
    await poll('the second to lead', async () => (await state(second)).leading);
    // Given back, not run out: that would take 15 s.
    assert.ok(performance.now() - stoppedAtMs < 12_000, `${performance.now() - stoppedAtMs} ms`);
    platform.addVersion(namespace, 'shop', 1);
    await poll('the candidate to serve', () => platform.pool(namespace, 'shop').plan.revision > 0, 60_000);
    second.child.kill('SIGTERM');
    assert.deepEqual(await once(second.child, 'exit', { signal: AbortSignal.timeout(10_000) }), [0, null]);
  });

  test('each look of it was a span, with what it asked of the cluster and of the platform below it', () => {
    const byId = new Map(receiver.spans.map((span) => [span.spanId, span]));
    const above = ({ parentSpanId = '' }: ReceivedSpan): string | undefined => byId.get(parentSpanId)?.name;
    const under = (name: string): Set<string | undefined> =>
      new Set(receiver.spans.filter((span) => span.name === name).map(above));
    assert.deepEqual(under('reconcile detector-pool'), new Set([undefined]));
    for (const name of ['apply Deployment', 'apply the status of DetectorPool', 'platform.writePlan'])
      assert.deepEqual(under(name), new Set(['reconcile detector-pool']), name);
    assert.deepEqual(under('platform.putModel'), new Set(['reconcile anomaly-model']));
    const [span] = receiver.spans;
    assert.equal(span?.resource['service.name'], 'verdict-operator');
    assert.equal(span?.attributes['k8s.namespace.name'], namespace);
  });

  test('what is wrong with its environment or settings is said at once, all of it', async () => {
    const lines = async (more: NodeJS.ProcessEnv) => {
      const child = spawnOperator('operator-c', more);
      let text = '';
      child.stderr?.on('data', (piece) => {
        text += String(piece);
      });
      const [code] = await once(child, 'close', { signal: AbortSignal.timeout(120_000) });
      return { code, text };
    };
    const config = await lines({
      VERDICT_GATEWAY_URL: 'nowhere',
      VERDICT_NAMESPACES: 'Team A',
      VERDICT_PORT: 'x',
    });
    assert.equal(config.code, 2);
    for (const name of ['VERDICT_GATEWAY_URL', 'VERDICT_NAMESPACES', 'VERDICT_PORT'])
      assert.ok(config.text.includes(name), name);
    const bad = path.join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ ...settings, gatewayUrl: 'nowhere', blobsUrl: '' }));
    const wrong = await lines({ VERDICT_SETTINGS_FILE: bad });
    assert.equal(wrong.code, 1);
    assert.match(wrong.text, /gatewayUrl: .*blobsUrl: /);
  });
});
