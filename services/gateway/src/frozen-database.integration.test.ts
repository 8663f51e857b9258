import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type CommittedPool, commitPool } from './committed.fixture.ts';
import { caller, eventually, newUser, type Platform, startPlatform } from './gateway.fixture.ts';

let platform: Platform;
let pool: CommittedPool;
let url: string;

before(async () => {
  platform = await startPlatform();
  pool = await commitPool(platform.stores, 'http://127.0.0.1:9');
  ({ url } = await platform.startGateway());
});
after(async () => {
  platform.server.thaw();
  await platform.stop();
});

test('while the database is frozen every request that needs it hears 503 within about five seconds', async () => {
  const id = 'a'.repeat(24);
  await pool.commitAnomaly({ id });
  const user = await newUser(platform.stores, 'viewer');
  const root = caller(url, await platform.token('root', 'admin'));
  const at = new Date(Date.now() - 60_000).toISOString();
  const asked: [string, string, unknown?][] = [
    ['POST', '/feedback', { anomalyId: id, verdict: 'true' }],
    ['POST', '/missed', { series: 'shop/cart', from: at, to: at }],
    ['POST', '/models/shop/trainings', {}],
    ['POST', '/pools/shop/rollout/commands', { kind: 'pause' }],
    ['DELETE', `/missed/${randomUUID()}`],
    ['POST', '/auth/token', user],
    ['GET', '/anomalies'],
    ['GET', `/anomalies/${id}`],
    ['GET', `/anomalies/${id}/receipt`],
    ['GET', '/models'],
    ['GET', '/pools'],
    ['GET', '/missed'],
    ['GET', '/models/shop/trust'],
    ['GET', '/series/shop%2Fcart/history'],
  ];
  // Every session that there can be is in use, so that new ones are asked for as well as old ones.
  await Promise.all(asked.filter(([method]) => method === 'GET').map(([, path]) => root('GET', path)));
  await platform.server.freeze();
  const answers = await Promise.all(
    asked.map(async ([method, path, body]) => {
      const sinceMs = performance.now();
      const { status, headers } = await root(method, path, body);
      return { route: `${method} ${path}`, status, headers, tookMs: performance.now() - sinceMs };
    }),
  );
  platform.server.thaw();
  for (const { route, status, headers, tookMs } of answers) {
    assert.deepEqual([route, status, headers.get('retry-after')], [route, 503, '2']);
    assert.match(headers.get('content-type') ?? '', /problem\+json/);
    assert.ok(tookMs < 7000, `${route} took ${Math.round(tookMs)} ms`);
  }
  await eventually(async () => (await root('GET', '/models')).status === 200);
});
