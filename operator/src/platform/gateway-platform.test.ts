import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { AnomalyModelSpec } from '@verdict/contracts';
import { systemClock } from '@verdict/process';
import { gatewayPlatform } from './gateway-platform.ts';
import { PlatformRefusedError, PlatformUnavailableError } from './platform-error.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'verdict-platform-'));
const tokenFile = path.join(folder, 'token');
const model = { namespace: 'team-a', name: 'shop' };
const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
const run = {
  triggerId: 'asked-a/b',
  state: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  version: null,
  message: '',
};

let server: Server;
let url = '';
let asked: { route: string; token: string | undefined; body: unknown }[] = [];
let answer: (route: string) => { status: number; body?: unknown };

before(async () => {
  writeFileSync(tokenFile, 'first\n');
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const route = `${request.method} ${request.url}`;
      const token = request.headers.authorization;
      asked.push({ route, token, body: text === '' ? undefined : JSON.parse(text) });
      const { status, body } = answer(route);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  answer = () => ({ status: 200, body: {} });
});
afterEach(() => writeFileSync(tokenFile, 'first\n'));

const platform = (more: Partial<Parameters<typeof gatewayPlatform>[0]> = {}) =>
  gatewayPlatform({ url, tokenFile, clock: systemClock, timeoutMs: 2000, ...more });
const routes = () => asked.map(({ route }) => route);

test('writes go to the namespace of what they are about, with the token that is in the file now', async () => {
  answer = (route) => ({
    status: 200,
    body: route.includes('/trainings/') ? run : { retired: [1], deleted: [] },
  });
  const { putModel, beginTraining, failTraining, pruneVersions, deleteModel, withdrawPool } = platform();
  await putModel(model, spec);
  writeFileSync(tokenFile, 'second\n');
  assert.deepEqual(await beginTraining(model, 'asked-a/b'), run);
  await failTraining(model, 'asked-a/b', 'killed');
  assert.deepEqual(await pruneVersions(model, 10), { retired: [1], deleted: [] });
  await deleteModel(model);
  await withdrawPool(model);
  assert.deepEqual(routes(), [
    'PUT /models/shop',
    'PUT /models/shop/trainings/asked-a%2Fb?namespace=team-a',
    'PUT /models/shop/trainings/asked-a%2Fb?namespace=team-a',
    'POST /models/shop/versions/prune?namespace=team-a',
    'DELETE /models/shop?namespace=team-a',
    'DELETE /pools/shop?namespace=team-a',
  ]);
  assert.deepEqual(
    asked.slice(0, 2).map(({ token }) => token),
    ['Bearer first', 'Bearer second'],
  );
  assert.deepEqual(asked[2]?.body, { state: 'failed', message: 'killed' });
  assert.deepEqual(asked[0]?.body, {
    apiVersion: 'verdict.dev/v1alpha1',
    kind: 'AnomalyModel',
    metadata: model,
    spec: JSON.parse(JSON.stringify(spec)),
  });
});

test('all who read at about the same time share one request, whatever their namespace', async () => {
  answer = () => ({ status: 200, body: { items: [] } });
  const { models, pools } = platform();
  await Promise.all([models('a'), models('b'), models('a'), pools('a')]);
  await models('c');
  assert.deepEqual(routes().sort(), ['GET /models', 'GET /pools']);
  await models('a', { notBeforeMs: systemClock.monotonicMs() });
  assert.equal(routes().length, 3);
});

test('one pool of which fresher news is needed is asked for by itself, and many are asked for together', async () => {
  answer = () => ({ status: 200, body: { items: [] } });
  const { pools } = platform();
  await pools('a', { name: 'shop' });
  await pools('a', { model: 'shop' });
  assert.deepEqual(routes(), ['GET /pools']);
  await pools('a', { name: 'shop', notBeforeMs: systemClock.monotonicMs() });
  await pools('a', { model: 'shop', notBeforeMs: systemClock.monotonicMs() });
  assert.deepEqual(routes().slice(1), [
    'GET /pools?namespace=a&name=shop',
    'GET /pools?namespace=a&model=shop',
  ]);
  asked = [];
  const notBeforeMs = systemClock.monotonicMs();
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => pools('a', { name: `pool-${index}`, notBeforeMs })),
  );
  assert.equal(routes().filter((route) => route === 'GET /pools').length, 1);
  assert.equal(routes().length, 5);
});

test('a platform that is away, overloaded, unknown or does not let us in is unavailable', async () => {
  for (const [status, body] of [
    [503, undefined],
    [500, undefined],
    [401, undefined],
    [403, undefined],
    [200, { items: 'none' }],
  ] as const) {
    answer = () => ({ status, body });
    await assert.rejects(platform().models('a'), PlatformUnavailableError, String(status));
  }
  await assert.rejects(platform({ url: 'http://127.0.0.1:1' }).models('a'), PlatformUnavailableError);
  writeFileSync(tokenFile, '');
  await assert.rejects(platform().putModel(model, spec), PlatformUnavailableError);
});

test('what is refused says why, and with which status', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    detail: 'Not deleted: a training runs.',
  };
  answer = () => ({ status: 409, body: problem });
  await assert.rejects(platform().deleteModel(model), (error) => {
    assert.ok(error instanceof PlatformRefusedError);
    assert.deepEqual([error.status, error.message], [409, 'Not deleted: a training runs.']);
    return true;
  });
});

test('a replica that does not lead any more writes nothing, and may still read', async () => {
  const lost = platform({ mayWrite: () => false });
  await assert.rejects(lost.putModel(model, spec), PlatformUnavailableError);
  await assert.rejects(lost.deleteModel(model), PlatformUnavailableError);
  assert.deepEqual(routes(), []);
  answer = () => ({ status: 200, body: { items: [] } });
  assert.deepEqual(await lost.models('a'), []);
});
