import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { type Caller, KeysUnavailable, TokenRefused } from './caller.ts';
import { createHttpApp } from './create-http-app.ts';
import { createEdgeServer } from './edge-server.ts';
import { hostGuard } from './host-guard.ts';
import { HttpProblem } from './http-problem.ts';
import { type Listening, listen } from './listen.ts';
import { defineRoute } from './route.ts';

let listening: Listening;
let databaseIsUp = true;

const echo = defineRoute({
  method: 'post',
  path: '/things/{key}',
  summary: 'Gives back what it got',
  roles: ['analyst'],
  params: z.strictObject({ key: z.string() }),
  query: z.strictObject({ limit: z.coerce.number().int().default(5) }),
  body: z.strictObject({
    when: z.union([z.iso.datetime(), z.int()]),
    values: z.record(z.string().regex(/^\w+$/), z.number()),
  }),
  response: z.object({ key: z.string(), limit: z.number(), who: z.string() }),
  status: 202,
  maxBodyBytes: 1000,
  handler: async ({ params, query, caller }) => ({ key: params.key, limit: query.limit, who: caller.name }),
});
const failing = defineRoute({
  method: 'get',
  path: '/failing/{how}',
  summary: 'Fails',
  roles: 'public',
  params: z.strictObject({ how: z.string() }),
  response: z.object({}),
  handler: async ({ params }) => {
    if (params.how === 'busy') throw new HttpProblem(429, { detail: 'Too busy.', retryAfterSeconds: 3 });
    throw new Error('a secret of the inside');
  },
});
const own = defineRoute({
  method: 'get',
  path: '/own',
  summary: 'For processes alone',
  roles: ['service'],
  response: z.object({}),
  handler: async () => ({}),
});
const callers: Record<string, Caller> = {
  ann: { name: 'ann', roles: ['analyst'], expiresAtMs: 0 },
  vic: { name: 'vic', roles: ['viewer'], expiresAtMs: 0 },
  root: { name: 'root', roles: ['admin'], expiresAtMs: 0 },
  detector: { name: 'detector', roles: ['service'], expiresAtMs: 0 },
};

before(async () => {
  const app = createHttpApp({
    name: 'Test',
    routes: [echo, failing, own],
    verifyToken: async (token) => {
      if (token === 'nokeys') throw new KeysUnavailable('no keys');
      const caller = callers[token];
      if (caller === undefined) throw new TokenRefused('the token is not valid');
      return caller;
    },
    metrics: createMetrics(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    guard: hostGuard(),
    health: {
      database: async () => {
        if (!databaseIsUp) throw new Error('connection refused');
      },
    },
  });
  listening = await listen(createEdgeServer(app), { host: '127.0.0.1', port: 0 });
});
after(() => listening.close());

async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(listening.url + path, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer ann', 'content-type': 'application/json', ...headers },
  });
  const answer = (await response.json()) as {
    detail: string;
    errors?: { field: string; message: string }[];
    key?: string;
  };
  return { status: response.status, type: response.headers.get('content-type'), response, answer };
}
const good = JSON.stringify({ when: 1, values: { cpu: 1 } });

test('a good request is validated, answered and typed; slashes in a path segment survive', async () => {
  const { status, answer } = await post('/things/shop%2Fcart?limit=7', good);
  assert.equal(status, 202);
  assert.deepEqual(answer, { key: 'shop/cart', limit: 7, who: 'ann' });
  assert.equal((await post('/things/a', good, { authorization: 'Bearer root' })).status, 202);
  const zipped = await post('/things/a', gzipSync(good) as Uint8Array<ArrayBuffer>, {
    'content-encoding': 'gzip',
  });
  assert.equal(zipped.status, 202);
});

test('what is wrong is named field by field', async () => {
  const body = '{"when":"noon","values":{"a b":1,"cpu":"x"},"extra":1}';
  const { status, type, answer } = await post('/things/a?limit=x&more=1', body);
  assert.equal(status, 400);
  assert.match(type ?? '', /^application\/problem\+json/);
  const fields = answer.errors?.map((error) => error.field);
  assert.deepEqual(fields, ['limit', 'more', 'when', 'values.a b', 'values.cpu', 'extra']);
  assert.match(answer.errors?.[2]?.message ?? '', /datetime/);
});

test('bodies that are no good are refused before they are looked at', async () => {
  const proto = '{"when":1,"values":{"cpu":1,"__proto__":2}}';
  const cases: [number, string | Uint8Array<ArrayBuffer>, Record<string, string>][] = [
    [400, '{"when":', {}],
    [400, '', {}],
    [400, proto, {}],
    [400, proto.replace('__proto__', '\\u005f_proto__'), {}],
    [400, '['.repeat(900), {}],
    [400, `${'['.repeat(450)}${']'.repeat(450)}`, {}],
    [413, JSON.stringify({ when: 1, pad: 'x'.repeat(2000) }), {}],
    [413, gzipSync('x'.repeat(100_000)) as Uint8Array<ArrayBuffer>, { 'content-encoding': 'gzip' }],
    [400, 'not gzip', { 'content-encoding': 'gzip' }],
    [415, good, { 'content-type': 'text/plain' }],
    [415, good, { 'content-type': 'application/x-www-form-urlencoded' }],
    [415, good, { 'content-encoding': 'rot13' }],
    [415, good, { 'content-type': 'application/json; charset=klingon' }],
  ];
  for (const [status, body, headers] of cases) {
    const result = await post('/things/a', body, headers);
    assert.equal(result.status, status, `${String(body).slice(0, 40)} ${JSON.stringify(headers)}`);
    assert.match(result.type ?? '', /^application\/problem\+json/);
  }
});

test('text that no database holds gives 400 and its place, not 500', async () => {
  const deep = `{"values":${'{"a":'.repeat(25)}"\\u0000"${'}'.repeat(26)}`;
  const cases = [
    ['{"when":"a\\u0000b","values":{}}', 'when'],
    ['{"when":1,"values":{"\\u0000":1}}', 'values.\\0'],
    ['{"when":1,"values":{"x":["y","\\ud800"]}}', 'values.x[1]'],
    ['{"when":1,"values":{"__proto__":1}}', 'values.__proto__'],
    [deep, Array(20).fill('a').join('.')],
  ] as const;
  for (const [body, field] of cases) {
    const { status, answer } = await post('/things/a', body);
    assert.deepEqual([status, answer.errors?.map((error) => error.field)], [400, [field]], body.slice(0, 50));
  }
  assert.equal((await post('/things/a', '{"when":1,"values":{"\\u0061":1}}')).status, 202);
});

test('without a good token 401, without the role 403, without keys 503', async () => {
  for (const authorization of ['', 'Bearer', 'Basic YTpi', 'Bearer nobody', 'Bearer a b'])
    assert.equal((await post('/things/a', good, { authorization })).status, 401, authorization);
  assert.equal((await post('/things/a', good, { authorization: 'Bearer vic' })).status, 403);
  const { status, response } = await post('/things/a', good, { authorization: 'Bearer nokeys' });
  assert.equal(status, 503);
  assert.equal(response.headers.get('retry-after'), '2');
});

test('failures of handlers are problems and tell nothing of the inside', async () => {
  const busy = await fetch(`${listening.url}/failing/busy`);
  assert.equal(busy.status, 429);
  assert.equal(busy.headers.get('retry-after'), '3');
  const broken = await fetch(`${listening.url}/failing/badly`);
  assert.equal(broken.status, 500);
  assert.ok(!(await broken.text()).includes('secret'));
});

test('unknown paths, methods and encodings are 404, 405 and 400', async () => {
  assert.equal((await fetch(`${listening.url}/nothing`)).status, 404);
  const wrongMethod = await fetch(`${listening.url}/things/a`);
  assert.equal(wrongMethod.status, 405);
  assert.equal(wrongMethod.headers.get('allow'), 'POST');
  assert.equal((await fetch(`${listening.url}/failing/%E0%A4%A`)).status, 400);
});

test('pages of foreign origins are refused', async () => {
  const response = await fetch(`${listening.url}/healthz`, { headers: { origin: 'https://evil.example' } });
  assert.equal(response.status, 403);
});

test('the documentation comes from the schemas and works without the network', async () => {
  const document = (await (await fetch(`${listening.url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, { post?: { parameters: { name: string }[]; responses: Record<string, unknown> } }>;
  };
  assert.equal(document.openapi, '3.1.0');
  const operation = document.paths['/things/{key}']?.post;
  assert.deepEqual(
    operation?.parameters.map((parameter) => parameter.name),
    ['key', 'limit'],
  );
  assert.deepEqual(Object.keys(operation?.responses ?? {}), [
    '202',
    '400',
    '401',
    '403',
    '408',
    '413',
    '415',
    '421',
    '429',
    '503',
  ]);
  for (const file of ['/docs', '/docs/start.js', '/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css'])
    assert.equal((await fetch(listening.url + file)).status, 200, file);
});

test('health, readiness and metrics answer without a token', async () => {
  assert.equal((await fetch(`${listening.url}/healthz`)).status, 200);
  const metrics = await (await fetch(`${listening.url}/metrics`)).text();
  assert.match(metrics, /verdict_http_requests_total\{method="POST",route="\/things\/:key",status="202"\}/);
  databaseIsUp = false;
  const readiness = await fetch(`${listening.url}/readyz`);
  assert.equal(readiness.status, 503);
  assert.deepEqual(await readiness.json(), { ready: false, checks: { database: 'connection refused' } });
});

test('a port in use is one clear sentence', async () => {
  await assert.rejects(
    listen(
      createEdgeServer(() => undefined),
      { host: '127.0.0.1', port: listening.port },
    ),
    /^StartError: Port \d+ on 127.0.0.1 is in use by another program/,
  );
});

test('what is for processes alone is refused to an admin too', async () => {
  const status = async (token: string) =>
    (await fetch(`${listening.url}/own`, { headers: { authorization: `Bearer ${token}` } })).status;
  assert.deepEqual([await status('root'), await status('detector')], [403, 200]);
});
