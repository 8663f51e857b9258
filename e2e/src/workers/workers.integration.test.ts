import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import { freePorts } from '@verdict/storage/free-ports';
import { startTestDatabase, type TestDatabase } from '@verdict/storage/testing';
import { bankSeries } from '../browser/bank-series.ts';
import { type RunningHubs, startHubs } from '../platform/start-hubs.ts';
import { type RunningPart, startPart } from '../platform/start-part.ts';
import { adminPassword } from '../platform/start-platform.ts';
import { until } from '../platform/until.ts';

const patienceMs = 60_000;
const servicePassword = 'what the vault has for detectors';
const manifests = `apiVersion: verdict.dev/v1alpha1
kind: AnomalyModel
metadata: { name: default }
spec: { series: ["**"], signals: each }
---
apiVersion: verdict.dev/v1alpha1
kind: DetectorPool
metadata: { name: default }
spec: { model: default, consumerGroup: default }
`;

// As on App Service: each container by itself, told where the others are, with secrets as values.
describe('the workers, beside a gateway, a database and event hubs of others', { timeout: 300_000 }, () => {
  let folder: string;
  let database: TestDatabase;
  let hubs: RunningHubs;
  let workers: RunningPart;
  let gateway: RunningPart | undefined;
  let startGateway: () => Promise<RunningPart>;
  let client: PlatformClient;

  const status = async (page: string) => (await fetch(workers.url + page)).status;
  const seen = <T>(ask: () => Promise<T | null>, what: string): Promise<T> =>
    until(patienceMs, ask, () => `never seen: ${what}\n${workers.output().slice(-6000)}`);

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verdict-workers-test-'));
    const file = (name: string) => path.join(folder, name);
    await mkdir(file('manifests'));
    await mkdir(file('blobs'));
    await writeFile(file('manifests/default.yaml'), manifests);
    const admin = [{ username: 'admin', password: adminPassword, roles: ['admin'] }];
    await writeFile(file('users.json'), JSON.stringify(admin), { mode: 0o600 });
    database = await startTestDatabase();
    hubs = await startHubs(folder, { consumerGroups: ['default', 'retrainer'] });
    const [gatewayPort = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${gatewayPort}`;
    const parts = {
      VERDICT_DATABASE_URL: database.url,
      VERDICT_EVENT_HUBS_CONNECTION_STRING: hubs.connectionString,
      VERDICT_BLOBS_URL: pathToFileURL(file('blobs')).href,
      VERDICT_SERVICE_PASSWORD: servicePassword,
    };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    startGateway = () =>
      startPart('services/gateway/src/main.ts', {
        ...parts,
        VERDICT_PORT: String(gatewayPort),
        VERDICT_SIGNING_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        VERDICT_BOOTSTRAP_USERS_FILE: file('users.json'),
      });
    workers = await startPart('standalone/src/workers/main.ts', {
      ...parts,
      VERDICT_PORT: '0',
      VERDICT_GATEWAY_URL: url,
      VERDICT_MANIFESTS: file('manifests'),
      VERDICT_DETECTORS: '2',
    });
    client = createPlatformClient({ url, credentials: { username: 'admin', password: adminPassword } });
  });
  after(async () => {
    await workers?.stop();
    await gateway?.stop();
    await hubs?.stop();
    await database?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('live and say what they wait for while the gateway is not there yet', async () => {
    assert.equal(await status('/healthz'), 200);
    assert.equal(await status('/readyz'), 503);
    gateway = await startGateway();
    await seen(async () => ((await status('/readyz')) === 200 ? true : null), 'that they are ready');
    const pools = await client.pools();
    assert.deepEqual(
      pools.map(({ name }) => name),
      ['default'],
    );
  });

  test('score readings, and tell of what is unusual', async () => {
    const ledger = bankSeries(client, 'bank/ledger', Date.now() - 265_000);
    await ledger.quiet(200);
    await ledger.spike();
    await ledger.quiet(60);
    const found = await seen(
      async () => (await client.anomalies({ series: ledger.series })).items[0] ?? null,
      'an anomaly',
    );
    assert.equal(found.series, 'bank/ledger');
    const view = await seen(
      // On a slow machine its last reading may be old by now.
      async () =>
        (await client.series()).items.find(({ state }) => state === 'scored' || state === 'stale') ?? null,
      'a scored series',
    );
    assert.equal(view.model, 'default');
  });

  test('conduct a training that somebody asks for, and record how it ended', async () => {
    const { triggerId } = await client.askTraining('default');
    const run = await seen(async () => {
      const model = (await client.models()).find(({ name }) => name === 'default');
      const found = model?.trainings.find((one) => one.triggerId === triggerId);
      return found !== undefined && found.state !== 'running' ? found : null;
    }, 'the end of the training');
    // So little history teaches nothing; what counts is that it was run and answered.
    assert.ok(['accepted', 'refused'].includes(run.state), `${run.state}: ${run.message}`);
  });

  test('start a detector again that was killed, and end cleanly with all their parts', async () => {
    const started = () =>
      workers
        .output()
        .split('\n')
        .flatMap((line) => {
          const [, child] = /"part":"detector-default-0","child":(\d+),"msg":"started/.exec(line) ?? [];
          return child === undefined ? [] : [Number(child)];
        });
    const [first = 0] = started();
    process.kill(first, 'SIGKILL');
    await seen(async () => (started().length > 1 ? true : null), 'another detector');
    await seen(async () => ((await status('/readyz')) === 200 ? true : null), 'that they are ready again');
    assert.equal(await workers.stop(), 0);
    for (const pid of started()) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.ok(!workers.output().includes(servicePassword));
  });
});
