import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createShop, startPoolApi } from './controllers/detector-pool/pool-kube.fixture.ts';
import type { KubeObject } from './kube/kube-object.ts';
import { resourceKind } from './kube/resource-kind.ts';
import { InMemoryPlatform } from './platform/in-memory-platform.fixture.ts';
import { standInGateway, standInToken } from './platform/stand-in-gateway.fixture.ts';
import { settings } from './resources/objects.fixture.ts';
import { kubeApiMissing } from './testing/kube-binaries.ts';
import { poll } from './testing/poll.ts';
import { StandInNodes } from './testing/stand-in-nodes.ts';
import type { KubeApi } from './testing/start-kube-api.ts';

const namespace = 'team-a';
/** Each stands where it could be told on: no other text has it. */
const secrets = {
  token: 'tok3n-of-the-0perator-000000000001',
  password: 'passw0rd-of-the-database-00000002',
  hubKey: 'k3y-of-the-hub-0000000000000003',
  signature: 's1gnature-of-a-blob-00000000004',
  collectorKey: 'k3y-of-the-collector-0000000005',
  artefactKey: 'k3y-that-signs-versions-000000006',
};
const databaseUrl = `postgres://verdict:${secrets.password}@db:5432/verdict`;
const troubles = [
  `connect to ${databaseUrl} failed`,
  `Endpoint=sb://hub/;SharedAccessKeyName=all;SharedAccessKey=${secrets.hubKey} cannot be used`,
  `GET https://account.blob.core.windows.net/models?sv=1&sig=${secrets.signature} answered 403`,
].join('; ');

const named = (apiVersion: string, kind: string, plural: string) =>
  resourceKind<KubeObject>({ apiVersion, kind, plural, namespaced: true });
const secretKind = named('v1', 'Secret', 'secrets');
const told = [
  named('verdict.dev/v1alpha1', 'AnomalyModel', 'anomalymodels'),
  named('verdict.dev/v1alpha1', 'DetectorPool', 'detectorpools'),
  named('v1', 'Event', 'events'),
  named('apps/v1', 'Deployment', 'deployments'),
  named('batch/v1', 'Job', 'jobs'),
];

describe('Secrets, where an operator works', { skip: kubeApiMissing }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'verdict-secrets-'));
  const platform = new InMemoryPlatform();
  let api: KubeApi;
  let nodes: StandInNodes;
  let gateway: Awaited<ReturnType<typeof standInGateway>>;
  let door: Server;
  let operator: ChildProcess;
  let url = '';
  let log = '';
  let failing = false;

  before(async () => {
    api = await startPoolApi();
    nodes = new StandInNodes(api.client, platform);
    gateway = await standInGateway(platform);
    platform.addModel(namespace, 'shop');
    // Between the operator and its gateway: lets the long token in, and fails with texts that nobody should repeat.
    door = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const isKnown = request.headers.authorization === `Bearer ${secrets.token}`;
      if (failing || !isKnown) {
        const detail = `${troubles}; token=${request.headers.authorization}`;
        response.writeHead(isKnown ? 503 : 401, { 'content-type': 'application/problem+json' });
        response.end(JSON.stringify({ type: 'about:blank', title: 'No', status: 503, detail }));
        return;
      }
      const { 'if-match': ifMatch, 'content-type': type } = request.headers;
      const answer = await fetch(gateway.url + request.url, {
        method: request.method ?? 'GET',
        headers: {
          authorization: `Bearer ${standInToken}`,
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        },
        ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
      });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
    const key = (name: string) => ({ name, key: 'value' });
    const all = {
      ...settings,
      databaseUrl: key('database'),
      eventHubs: { connectionString: key('hubs'), dataHub: 'data' },
      tracing: {
        ...{ endpoint: 'http://otel:4318', headers: key('collector') },
        ...{ sampler: '', samplerArgument: null, resourceAttributes: {} },
      },
      artefacts: { publicKeys: { name: 'artefact-keys', key: 'jwks.json' }, signingKey: key('artefact-key') },
    };
    writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(all));
    writeFileSync(path.join(folder, 'token'), `${secrets.token}\n`);
    operator = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        KUBECONFIG: api.kubeconfig,
        VERDICT_GATEWAY_URL: `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
        VERDICT_SERVICE_TOKEN_FILE: path.join(folder, 'token'),
        VERDICT_SETTINGS_FILE: path.join(folder, 'settings.json'),
        VERDICT_NAMESPACES: namespace,
        VERDICT_POD_NAME: 'operator-a',
        VERDICT_LOG_LEVEL: 'trace',
      },
    });
    operator.stderr?.on('data', (piece) => {
      log += String(piece);
    });
    const [message] = (await once(operator, 'message', { signal: AbortSignal.timeout(120_000) })) as [
      { port: number },
    ];
    url = `http://127.0.0.1:${message.port}`;
  });
  after(async () => {
    operator?.kill('SIGKILL');
    await nodes?.stop();
    door?.close();
    door?.closeAllConnections();
    await gateway?.close();
    await api?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const written = async (): Promise<string> => {
    const lists = await Promise.all(told.map((kind) => api.client.list(kind, { namespace })));
    return JSON.stringify(lists);
  };

  test('stand in no resource, status, Event, Deployment or Job, nor in its log, figures and state', async () => {
    await createShop(api, namespace);
    const metadata = (name: string) => ({ name, namespace });
    for (const [name, value] of Object.entries({
      database: databaseUrl,
      hubs: secrets.hubKey,
      collector: `authorization=Bearer ${secrets.collectorKey}`,
      'artefact-key': secrets.artefactKey,
    }))
      await api.client.create(secretKind, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata(name),
        stringData: { value },
      } as KubeObject);
    await poll(
      'a Deployment to name the Secrets',
      async () => (await written()).includes('"name":"collector"'),
      120_000,
    );

    // A training that failed, and whose last words were not well chosen.
    const model = { namespace, name: 'shop' };
    await platform.beginTraining(model, 'asked-1');
    platform.endTraining(model, 'asked-1', { state: 'failed', message: troubles });
    await poll('the failure to be told', async () => (await written()).includes('cannot be used'), 120_000);
    failing = true;
    await poll(
      'the gateway to be missed',
      () => /503|cannot be used|unavailable/i.test(log.slice(-20_000)),
      60_000,
    );

    const pages = await Promise.all(
      ['/metrics', '/debug/state', '/readyz', '/openapi.json'].map(async (at) =>
        (await fetch(url + at, { signal: AbortSignal.timeout(10_000) })).text(),
      ),
    );
    const places = { 'resources and Events': await written(), log, pages: pages.join('\n') };
    const found = Object.entries(places).flatMap(([place, text]) =>
      Object.entries(secrets).flatMap(([what, secret]) =>
        text.includes(secret) ? [`${place}: ${what}`] : [],
      ),
    );
    assert.deepEqual(found, []);
    assert.match(places['resources and Events'], /\(hidden\)/, 'something was left out');
  });
});
