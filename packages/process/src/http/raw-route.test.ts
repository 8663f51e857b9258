import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { TokenRefused } from './caller.ts';
import { createHttpApp } from './create-http-app.ts';
import { HttpProblem } from './http-problem.ts';
import { type Listening, listen } from './listen.ts';
import { defineRawRoute } from './route.ts';

let listening: Listening;

const bytesDoor = defineRawRoute({
  method: 'post',
  path: '/bytes',
  summary: 'Counts bytes',
  roles: ['ingest'],
  raw: {
    contentTypes: ['application/x-bytes'],
    problem: (problem) => ({
      status: problem.status,
      contentType: 'text/plain',
      body: `sorry: ${problem.message}`,
    }),
  },
  response: z.object({}),
  status: 204,
  maxBodyBytes: 1000,
  handler: async ({ body, headers }) => {
    if (body[0] === 1) throw new HttpProblem(429, { detail: 'busy', retryAfterSeconds: 3 });
    if (body[0] === 2) throw new Error('inside');
    const encoding = headers['content-encoding'] ?? 'none';
    return { status: 204, headers: { 'x-bytes': String(body.length), 'x-encoding': encoding } };
  },
});

before(async () => {
  const app = createHttpApp({
    name: 'Test',
    routes: [bytesDoor],
    verifyToken: async (token) => {
      if (token !== 'producer') throw new TokenRefused('the token is not valid');
      return { name: 'producer', roles: ['ingest'], expiresAtMs: 0 };
    },
    metrics: createMetrics(),
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  listening = await listen(createServer(app), { host: '127.0.0.1', port: 0 });
});
after(() => listening.close());

function send(body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${listening.url}/bytes`, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer producer', 'content-type': 'application/x-bytes', ...headers },
  });
}

test('bytes arrive as they were sent, whatever their encoding, and are answered in their own form', async () => {
  const response = await send(new Uint8Array(700), { 'content-encoding': 'snappy' });
  assert.deepEqual(
    [response.status, response.headers.get('x-bytes'), response.headers.get('x-encoding')],
    [204, '700', 'snappy'],
  );
  assert.equal(await response.text(), '');
});

test('every problem is told in the form of the route, with its headers', async () => {
  const cases: [number, string, Promise<Response>][] = [
    [429, 'sorry: busy', send(new Uint8Array([1]))],
    [500, 'sorry: This should not have happened; it was logged.', send(new Uint8Array([2]))],
    [413, 'sorry: At most 1000 bytes are taken in one request.', send(new Uint8Array(1001))],
    [
      415,
      'sorry: The body must be sent as application/x-bytes.',
      send(new Uint8Array(1), { 'content-type': 'text/plain' }),
    ],
    [401, 'sorry: the token is not valid.', send(new Uint8Array(1), { authorization: 'Bearer somebody' })],
  ];
  for (const [status, text, answer] of cases) {
    const response = await answer;
    assert.equal(response.headers.get('content-type'), 'text/plain');
    assert.deepEqual([response.status, await response.text()], [status, text]);
  }
  assert.equal((await send(new Uint8Array([1]))).headers.get('retry-after'), '3');
});

test('too many bytes without a declared length are refused with an answer, not cut off', async () => {
  const status = await new Promise((resolve, reject) => {
    const headers = { authorization: 'Bearer producer', 'content-type': 'application/x-bytes' };
    const sending = request(`${listening.url}/bytes`, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on('error', reject);
    sending.write(new Uint8Array(900));
    sending.write(new Uint8Array(900));
    sending.end();
  });
  assert.equal(status, 413);
});

test('the documentation names the content types', async () => {
  const document = (await (await fetch(`${listening.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      { post: { requestBody: { content: object }; responses: Record<string, { content?: object }> } }
    >;
  };
  const operation = document.paths['/bytes']?.post;
  assert.deepEqual(Object.keys(operation?.requestBody.content ?? {}), ['application/x-bytes']);
  assert.equal(operation?.responses[204]?.content, undefined);
});
