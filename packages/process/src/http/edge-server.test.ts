import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { createHttpApp } from './create-http-app.ts';
import { createEdgeServer } from './edge-server.ts';
import { hostGuard } from './host-guard.ts';
import { HttpProblem } from './http-problem.ts';
import { type Listening, listen } from './listen.ts';
import { defineRoute } from './route.ts';

let listening: Listening;
let asked = 0;
const addresses: string[] = [];
const page = 'https://pages.example';

const thing = defineRoute({
  method: 'post',
  path: '/things',
  summary: 'Takes anything',
  roles: 'public',
  deadlineMs: 300,
  body: z.unknown(),
  response: z.object({}),
  handler: async () => ({}),
});
const slow = defineRoute({
  method: 'get',
  path: '/slow',
  summary: 'Takes its time, and sets a header afterwards',
  roles: 'public',
  deadlineMs: 100,
  response: z.object({}),
  handler: async ({ setHeader }) => {
    await new Promise((resolve) => setTimeout(resolve, 250));
    setHeader('X-Late', 'yes');
    throw new Error('nobody hears this');
  },
});

before(async () => {
  const app = createHttpApp({
    name: 'Test',
    routes: [thing, slow],
    verifyToken: async () => ({ name: 'ann', roles: [], expiresAtMs: 0 }),
    metrics: createMetrics(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    guard: hostGuard([], [page]),
    corsOrigins: [page],
    trustedProxies: ['127.0.0.0/8'],
    rateLimits: {
      async countAddress(address) {
        asked += 1;
        addresses.push(address);
        if (address === '203.0.113.66')
          throw new HttpProblem(429, { detail: 'Too many.', retryAfterSeconds: 7 });
      },
      async countCaller() {},
    },
  });
  const server = createEdgeServer(app, { headersTimeout: 300, connectionsCheckingInterval: 50 });
  listening = await listen(server, { host: '127.0.0.1', port: 0 });
});
after(() => listening.close(100));

/** Sends bytes as they are and gives back all that comes until the connection is closed. */
function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(listening.port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(5000, () => socket.destroy(new Error(`not closed after: ${answer}`)));
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(answer) : reject(error),
    );
    socket.on('close', () => resolve(answer));
  });
}

function assertProblem(answer: string, status: number, detail: RegExp): void {
  assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), answer.slice(0, 300));
  assert.match(answer, /Content-Type: application\/problem\+json/i);
  assert.match(answer.slice(answer.indexOf('\r\n\r\n')), detail);
}

test('what is no HTTP is refused as a problem, and the connection closed', async () => {
  assertProblem(await send('hello?\r\n\r\n'), 400, /no HTTP request/);
  const both =
    'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n';
  assertProblem(await send(`${both}0\r\n\r\n`), 400, /no HTTP request/);
  const twice =
    'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}x';
  assertProblem(await send(twice), 400, /no HTTP request/);
  const spaced = 'GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n';
  assertProblem(await send(spaced), 400, /no HTTP request/);
});

test('an address with U+0000 in it is refused, wherever it stands', async () => {
  for (const path of ['/things/a%00b', '/healthz?next=%00'])
    assert.equal((await fetch(listening.url + path)).status, 400, path);
});

test('one Host is needed', async () => {
  assertProblem(await send('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n'), 400, /the request has 0/);
  const two = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: other\r\nConnection: close\r\n\r\n';
  assertProblem(await send(two), 400, /the request has 2/);
});

test('large headers, long addresses and unknown expectations are refused', async () => {
  const start = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n';
  assertProblem(await send(`${start}X: ${'x'.repeat(20_000)}\r\n\r\n`), 431, /at most 16384/);
  const long = `GET /healthz?${'x'.repeat(9000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
  assertProblem(await send(long), 414, /at most 8192/);
  assertProblem(await send(`${start}Expect: a miracle\r\n\r\n`), 417, /100-continue/);
});

test('headers and bodies that come too slowly are waited for no longer than is said', async () => {
  assertProblem(await send('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Half: '), 408, /in time/);
  const head = 'POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  assertProblem(await send(`${head}Content-Length: 100\r\n\r\n{"a":`), 408, /within 0.3 s/);
});

test('a handler that takes too long is answered for with 503, and what it does later harms nobody', async () => {
  const response = await fetch(`${listening.url}/slow`);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '5');
  assert.match(((await response.json()) as { detail: string }).detail, /no answer within 0.1 s/);
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal((await fetch(`${listening.url}/healthz`)).status, 200);
});

test('a body that is nested too deep is refused before anything looks into it', async () => {
  const post = (body: string) =>
    fetch(`${listening.url}/things`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
  const nested = (depth: number) => `${'['.repeat(depth)}"]]\\"[[["${']'.repeat(depth)}`;
  assert.equal((await post(nested(32))).status, 200);
  const deep = await post(nested(33));
  assert.equal(deep.status, 400);
  assert.match(((await deep.json()) as { detail: string }).detail, /deeper than the 32 levels/);
  assert.equal((await post('['.repeat(30_000))).status, 400);
  assert.equal((await post('{"a":"["'.repeat(33))).status, 400);
});

test('addresses are counted, as a trusted proxy says them', async () => {
  asked = 0;
  const from = (client: string, path: string) =>
    fetch(listening.url + path, { headers: { 'x-forwarded-for': client } });
  const refused = await from('203.0.113.66', '/slow');
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('retry-after'), '7');
  assert.equal((await from('203.0.113.66', '/no-such-page')).status, 429);
  assert.equal((await from('203.0.113.67', '/no-such-page')).status, 404);
  assert.equal((await from('203.0.113.66', '/healthz')).status, 200);
  assert.equal(asked, 3);
  assert.equal(addresses.at(-1), '203.0.113.67');
});

test('pages of listed origins may read answers, others may not', async () => {
  const ask = (origin: string) =>
    fetch(`${listening.url}/things`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
  const allowed = await ask(page);
  assert.equal(allowed.status, 204);
  assert.equal(allowed.headers.get('access-control-allow-origin'), page);
  assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
  assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /Authorization/);
  const foreign = await ask('https://evil.example');
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  const own = await fetch(`${listening.url}/healthz`);
  assert.equal(own.headers.get('access-control-allow-origin'), null);
  assert.equal(own.headers.get('vary'), 'Origin');
});
