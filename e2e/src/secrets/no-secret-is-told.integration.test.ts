import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { adminPassword, type RunningPlatform, startPlatform } from '../platform/start-platform.ts';
import { until } from '../platform/until.ts';
import { KnownSecrets, keepSecretsOf } from './known-secrets.ts';
import { listeningPorts } from './listening-ports.ts';

const patienceMs = 90_000;
const secrets = new KnownSecrets();
const ann = { username: 'ann', password: 'ann-has-this-password-alone', roles: ['analyst'] };
let folder = '';
let platform: RunningPlatform;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-secrets-'));
  await writeFile(path.join(folder, 'people.json'), JSON.stringify([ann]), { mode: 0o600 });
  platform = await startPlatform({
    dataFolder: path.join(folder, 'data'),
    environment: { VERDICT_LOG_LEVEL: 'trace', VERDICT_USERS_FILE: path.join(folder, 'people.json') },
  });
});
after(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
type Answer = { status: number; headers: Headers; body: any };

async function call(
  method: string,
  where: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(platform.url + where, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** Everything that anybody does with secrets, right and wrong. */
async function useSecrets(): Promise<void> {
  secrets.keep('password of the admin', adminPassword);
  secrets.keep('password of ann', ann.password);
  const wrong = 'a-wrong-password-of-somebody';
  secrets.keep('wrong password', wrong);
  const pair = { username: ann.username, password: ann.password };
  await call('POST', '/auth/token', { username: 'ann', password: wrong });
  await call('POST', '/auth/token', { username: wrong, password: wrong });
  await call('POST', '/auth/token', `{"username":"ann","password":"${ann.password}"`);
  await call('POST', '/auth/token', { ...pair, paswort: ann.password });
  const first = (await call('POST', '/auth/token', { ...pair, session: 'token' })).body;
  const next = (await call('POST', '/auth/refresh', { refresh_token: first.refresh_token })).body;
  for (const { access_token, refresh_token } of [first, next]) {
    secrets.keep('access token', access_token);
    secrets.keep('refresh token', refresh_token);
  }
  const browser = await call('POST', '/auth/token', { ...pair, session: 'cookie' }, { origin: platform.url });
  secrets.keep('cookie', browser.headers.getSetCookie()[0]?.split(';')[0]?.split('=')[1]);

  const admin = (await call('POST', '/auth/token', { username: 'admin', password: adminPassword })).body;
  secrets.keep('access token of the admin', admin.access_token);
  const bearer = { authorization: `Bearer ${admin.access_token}` };
  await call('GET', '/models', undefined, { authorization: `${bearer.authorization}x` });
  const { key, view } = (await call('POST', '/keys', { name: 'agents', seriesPrefix: 'shop/' }, bearer)).body;
  secrets.keep('API key', key);
  const rotated = (await call('POST', `/keys/${view.id}/rotations`, {}, bearer)).body.key;
  secrets.keep('API key after rotation', rotated);
  const readings = [{ series: 'shop/cart', time: new Date().toISOString(), values: { cpu: 1 } }];
  assert.equal((await call('POST', '/data', { readings }, { 'x-api-key': rotated })).status, 202);
  await call('POST', '/data', { readings }, { 'x-api-key': `${rotated}x` });
  await call('POST', '/data', { readings: [{ series: 'other', time: 'x' }] }, { 'x-api-key': key });

  const authorization = 'Bearer of-what-the-receiver-wants';
  secrets.keep('authorization of a webhook', authorization.slice('Bearer '.length));
  const hook = { name: 'hook', url: 'https://hooks.invalid/services', authorization };
  const made = await call('POST', '/webhooks', hook, bearer);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  secrets.keep('secret of a webhook', made.body.secret);
  secrets.keep(
    'new secret of a webhook',
    (await call('POST', '/webhooks/hook/rotations', {}, bearer)).body.secret,
  );
  await call('POST', '/webhooks/hook/tests', undefined, bearer);
  // Shown once, and never again.
  for (const where of [
    '/webhooks',
    '/keys',
    '/webhooks/hook/deliveries',
    '/feedback/audit',
    '/openapi.json',
    '/models',
    '/pools',
    '/dead-letters',
  ])
    assert.deepEqual(
      secrets.foundIn(where, JSON.stringify((await call('GET', where, undefined, bearer)).body)),
      [],
    );
}

/** Processes of the platform, as far as this system tells of them. */
async function processIds(): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const parts = ['gateway', 'retrainer-feedback', 'event-hubs', 'detector-default-0', 'postgres'];
  const pids = await Promise.all(parts.map((part) => platform.pidOf(part).catch(() => null)));
  return pids.filter((pid) => pid !== null);
}

/** Pages of figures of all processes that have one. */
async function metricsPages(): Promise<string[]> {
  const ports = (await Promise.all((await processIds()).map(listeningPorts))).flat();
  const urls = new Set([platform.url, ...ports.map((port) => `http://127.0.0.1:${port}`)]);
  const pages = [...urls].map((url) =>
    fetch(`${url}/metrics`, { signal: AbortSignal.timeout(10_000) }).then(
      (response) => response.text(),
      () => '',
    ),
  );
  return (await Promise.all(pages)).filter((page) => page.includes('process_cpu_seconds_total'));
}

async function allLogs(): Promise<{ name: string; text: string }[]> {
  const logs = path.join(platform.dataFolder, 'logs');
  const files = await readdir(logs, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => ({
        name: file.name,
        text: await readFile(path.join(file.parentPath, file.name), 'utf8'),
      })),
  );
}

/** What anybody on the machine may read of a process. */
async function commandLines(): Promise<string> {
  const pids = await processIds();
  return (await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))).join('\n');
}

test('a whole platform at its most talkative tells no secret: in no log, figure, answer or command line', async (context) => {
  await useSecrets();
  await keepSecretsOf(path.join(platform.dataFolder, 'secrets'), secrets);
  assert.ok(secrets.count >= 25, String(secrets.count));

  const found: string[] = [];
  const pages = await until(
    patienceMs,
    async () => {
      const all = await metricsPages();
      return all.length >= (process.platform === 'linux' ? 3 : 1) ? all : null;
    },
    () => 'not all parts show their figures',
  );
  for (const page of pages) found.push(...secrets.foundIn('/metrics', page));
  found.push(...secrets.foundIn('command lines', await commandLines()));
  await platform.stop();
  found.push(...secrets.foundIn('terminal', platform.output()));
  const logs = await allLogs();
  for (const { name, text } of logs) found.push(...secrets.foundIn(name, text));
  const kilobytes = Math.round(logs.reduce((sum, { text }) => sum + text.length, 0) / 1024);
  context.diagnostic(
    `${secrets.count} secrets, ${logs.length} logs with ${kilobytes} KB, /metrics of ${pages.length} processes`,
  );
  assert.ok(kilobytes > 5);
  assert.deepEqual(found, []);
});
