import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { io } from 'socket.io-client';
import { caller, type Platform, startPlatform } from './gateway.fixture.ts';

let platform: Platform;
const children: ChildProcess[] = [];

before(async () => {
  platform = await startPlatform();
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await platform.stop();
});

const user = { username: 'admin', password: 'a long password' };

async function environment(change: Record<string, string> = {}): Promise<Record<string, string>> {
  const usersFile = join(platform.folder, 'users.json');
  await writeFile(usersFile, JSON.stringify([{ ...user, roles: ['admin'] }]));
  return {
    VERDICT_PORT: '0',
    VERDICT_DATABASE_URL: platform.server.url,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: platform.emulator.connectionString,
    VERDICT_SIGNING_KEY_FILE: join(platform.folder, 'gateway-key.json'),
    VERDICT_BOOTSTRAP_USERS_FILE: usersFile,
    ...change,
  };
}

function start(env: Record<string, string>) {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = fork(main, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  children.push(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'exit').then(([code]) => ({ code: code as number | null, stderr }));
  const listening = once(child, 'message').then(([message]) => `http://127.0.0.1:${message.port}`);
  return { child, exited, listening };
}

test('the process serves its users and stops cleanly while clients are connected', async () => {
  const { child, exited, listening } = start(await environment());
  const url = await listening;
  const { body } = await caller(url)('POST', '/auth/token', user);
  const call = caller(url, body.access_token);
  const reading = { series: 'host/a', time: Date.now(), values: { cpu: 1 } };
  assert.equal((await call('POST', '/data', { readings: [reading] })).status, 202);
  assert.equal((await call('GET', '/readyz')).status, 200);
  const socket = io(url, {
    auth: { token: body.access_token },
    transports: ['websocket'],
    reconnection: false,
  });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  child.kill('SIGTERM');
  const { code, stderr } = await exited;
  assert.equal(code, 0, stderr);
  assert.equal(socket.connected, false);
  const [noted] = await platform.stores.series.atDoor();
  assert.equal(noted?.series, 'host/a');
});

test('a wrong environment is told all at once', async () => {
  const { exited } = start({ VERDICT_PORT: 'x', VERDICT_DATABASE_URL: 'mysql://a' });
  const { code, stderr } = await exited;
  assert.equal(code, 2);
  for (const name of ['PORT', 'DATABASE_URL', 'EVENT_HUBS_CONNECTION_STRING', 'SIGNING_KEY_FILE'])
    assert.match(stderr, new RegExp(`VERDICT_${name}`));
});

test('a blob store that comes up later is waited for: alive, not ready, and it says what it waits for', async () => {
  // A port where nobody listens; later somebody does, and answers as Azurite does when it makes a container.
  const store = createServer((_request, response) => void response.writeHead(201).end());
  await new Promise<void>((resolve) => store.listen(0, '127.0.0.1', resolve));
  const { port } = store.address() as AddressInfo;
  await new Promise((resolve) => store.close(resolve));
  const blobsUrl = `http://127.0.0.1:${port}/devstoreaccount1/models`;
  const { child, exited, listening } = start(await environment({ VERDICT_BLOBS_URL: blobsUrl }));
  const url = await listening;
  const call = caller(url, (await caller(url)('POST', '/auth/token', user)).body.access_token);
  assert.equal((await call('GET', '/healthz')).status, 200);
  const waiting = await call('GET', '/readyz');
  assert.equal(waiting.status, 503);
  assert.equal(waiting.body.checks.database, 'ok');
  assert.match(waiting.body.checks.blobs, /blob store/);
  assert.equal((await call('GET', '/models')).status, 200);
  await new Promise<void>((resolve) => store.listen(port, '127.0.0.1', resolve));
  try {
    const deadlineMs = Date.now() + 60_000;
    for (let ready = false; !ready; ready = (await call('GET', '/readyz')).status === 200) {
      assert.ok(Date.now() < deadlineMs, 'it is ready once the store answers');
      await sleep(100);
    }
  } finally {
    store.closeAllConnections();
    store.close();
  }
  child.kill('SIGTERM');
  const { code, stderr } = await exited;
  assert.equal(code, 0, stderr);
  assert.match(stderr, /waiting for the blob store/);
});

test('a port in use is one sentence', async () => {
  const { port } = await platform.startGateway();
  const { exited } = start(await environment({ VERDICT_PORT: String(port) }));
  const { code, stderr } = await exited;
  assert.equal(code, 1);
  assert.match(stderr, /is in use by another program/);
});
