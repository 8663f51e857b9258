import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ClientToServer } from '@verdict/contracts';
import { io } from 'socket.io-client';
import { type Answer, caller, type Platform, startPlatform } from '../gateway.fixture.ts';
import {
  callers,
  credentialsOf,
  documentedRows,
  isRoute,
  type Row,
  type Who,
} from './access-table.fixture.ts';

let platform: Platform;
let url: string;
let rows: readonly Row[];
let credentials: ReadonlyMap<Who, string>;

before(async () => {
  rows = await documentedRows();
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
  credentials = await credentialsOf(platform, url);
});
after(() => platform.stop());

const isSocket = ({ method }: Row): boolean => method === 'SOCKET';

/** Sends a request that fits nothing, so that nothing happens but the check of who sends it. */
function ask({ method, path }: Row, who: Who): Promise<Answer> {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'version' ? '999' : 'no-such'));
  const types: Record<string, string> = { '/api/v1/write': 'application/x-protobuf' };
  const type = types[path] ?? 'application/json';
  const body = method === 'GET' || method === 'DELETE' ? undefined : '{"nothing":"that fits"}';
  return caller(url, credentials.get(who))(method, filled, body, { 'content-type': type });
}

test('every route of the gateway stands in the table, and nothing else', async () => {
  const { body } = await caller(url)('GET', '/openapi.json');
  const own = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const listed = rows.filter(isRoute).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(listed.toSorted(), own.toSorted());
});

test('each caller is let in or refused at each route as the table says', async () => {
  const wrong: string[] = [];
  for (const row of rows.filter(isRoute))
    for (const who of callers) {
      const { status } = await ask(row, who);
      // `/auth/refresh` is open to all, and refuses whoever has no log-in to renew.
      const refused = who === 'anonymous' ? 401 : 403;
      const isRefused = status === refused && row.path !== '/auth/refresh';
      if (isRefused === row.allowed.has(who)) wrong.push(`${row.method} ${row.path} as ${who}: ${status}`);
    }
  assert.deepEqual(wrong, []);
});

/** Why a live connection was refused, or what its events are answered with. */
async function socketOutcome(who: Who): Promise<Record<'connect' | keyof ClientToServer, boolean>> {
  const token = credentials.get(who);
  const auth = token === undefined ? {} : { token };
  const socket = io(url, { auth, transports: ['websocket'], reconnection: false, forceNew: true });
  try {
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('connect_error', () => resolve(false));
    });
    if (!connected) return { connect: false, watch: false, unwatch: false, renew: false };
    const answered = async (event: string, request: object): Promise<boolean> =>
      (await socket.timeout(30_000).emitWithAck(event, request)).ok === true;
    return {
      connect: true,
      watch: await answered('watch', { series: ['shop/cart'] }),
      unwatch: await answered('unwatch', { series: ['shop/cart'] }),
      renew: await answered('renew', { token }),
    };
  } finally {
    socket.disconnect();
  }
}

test('each caller is let in or refused at the live connection as the table says', async () => {
  for (const who of callers) {
    const promised = rows.filter(isSocket).map(({ path, allowed }) => [path, allowed.has(who)]);
    assert.deepEqual(await socketOutcome(who), Object.fromEntries(promised), who);
  }
});

test('a token that no gateway gave opens nothing that the table keeps from anybody', async () => {
  for (const row of rows.filter((one) => isRoute(one) && !one.allowed.has('anonymous')))
    assert.equal(
      (await caller(url, 'eyJhbGciOiJub25lIn0.e30.')(row.method, row.path.replace(/[{}]/g, ''))).status,
      401,
      row.path,
    );
});

test('health, metrics and documentation need no token, and beside them and the table there is nothing', async () => {
  const anybody = caller(url);
  for (const path of ['/healthz', '/readyz', '/metrics', '/docs', '/docs/', '/openapi.json'])
    assert.ok((await anybody('GET', path)).status < 400, path);
  for (const path of ['/nothing', '/feedback/nothing', '/admin', '/anomalies/no-such/nothing', '/.env'])
    assert.equal((await anybody('GET', path)).status, 404, path);
  const documented = new Set(rows.map(({ method, path }) => `${method} ${path}`));
  for (const path of new Set(rows.filter(isRoute).map((row) => row.path)))
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      if (documented.has(`${method} ${path}`)) continue;
      const { status } = await ask({ method, path, allowed: new Set() }, 'admin');
      // A path may be another one's with its id filled in.
      assert.ok(status >= 400 && status < 500, `${method} ${path}: ${status}`);
    }
});
