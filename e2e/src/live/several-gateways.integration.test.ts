import assert from 'node:assert/strict';
import { createPrivateKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../platform/until.ts';
import { type AnomalySource, announce, anomalySource } from './anomaly-source.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { LiveClient, logIn } from './live-client.ts';
import { type Gateways, startGateways, type User } from './start-gateways.ts';

const user = (username: string, ...roles: string[]): User => ({
  username,
  password: 'long enough for one',
  roles,
});
const viewer = user('vic', 'viewer');
const changed = user('kim', 'viewer');
const detector = user('detector', 'service');
const users = [viewer, changed, detector];

let gateways: Gateways;
let source: AnomalySource;
let balancer: Balancer;
let sticky: Balancer;
let service: string;
const clients: LiveClient[] = [];

before(async () => {
  gateways = await startGateways(2, users);
  source = await anomalySource(gateways.stores);
  const ports = gateways.all.map(({ port }) => port);
  balancer = await startBalancer(ports, 'round robin');
  sticky = await startBalancer(ports, 'by address');
  service = (await logIn(balancer.url, detector)).access;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
after(async () => {
  await balancer.stop();
  await sticky.stop();
  await gateways.stop();
});

const patienceMs = 60_000;
const eventually = (holds: () => boolean, what: () => string): Promise<unknown> =>
  until(patienceMs, async () => (holds() ? true : null), what, 20);

async function connected(url: string, token: string, options: object = {}): Promise<LiveClient> {
  const client = new LiveClient({ url, token }, options);
  clients.push(client);
  await eventually(
    () => client.connected,
    () => `not connected: ${client.refusals}`,
  );
  await client.settled();
  return client;
}

const gatewayAt = (index: number) => {
  const gateway = gateways.all[index];
  if (gateway === undefined) throw new RangeError(`there is no gateway ${index}`);
  return gateway;
};

/** Per connection no revision twice, none before an older one, and all anomalies at their last one. */
function assertOnceInOrder(client: LiveClient, ids: readonly string[], revision: number): void {
  for (const messages of client.messages) {
    const newest = new Map<string, number>();
    for (const { anomaly } of messages) {
      assert.ok((newest.get(anomaly.id) ?? 0) < anomaly.revision, `${anomaly.id} ${anomaly.revision} again`);
      newest.set(anomaly.id, anomaly.revision);
    }
  }
  for (const id of ids) assert.equal(client.seen.get(id)?.revision, revision);
}

test('clients of two gateways behind one address hear every anomaly once and in order, whichever gateway was told', async () => {
  const { access } = await logIn(balancer.url, viewer);
  const all: LiveClient[] = [];
  for (let index = 0; index < 6; index++) all.push(await connected(balancer.url, access));
  for (const { port } of gateways.all) assert.ok((balancer.given.get(port) ?? 0) >= 3);
  const ids = Array.from({ length: 30 }, () => source.newId());
  for (const revision of [1, 2, 3])
    for (let from = 0; from < ids.length; from += 5) {
      const changes = await source.commit(ids.slice(from, from + 5).map((id) => ({ id, revision })));
      // By turns to both gateways; detectors send again what was not answered.
      await announce(balancer.url, service, changes);
      if (from % 10 === 0) await announce(balancer.url, service, changes);
    }
  const has = (client: LiveClient) => ids.every((id) => client.seen.get(id)?.revision === 3);
  await eventually(
    () => all.every(has),
    () => JSON.stringify(all.map(({ messages }) => messages.map((one) => one.length))),
  );
  for (const client of all) {
    assert.equal(client.messages.length, 1);
    assertOnceInOrder(client, ids, 3);
    for (const id of ids) assert.ok(client.messages[0]?.some(({ anomaly }) => anomaly.id === id));
  }
});

test('long polling needs all requests of a client at one gateway; WebSocket does not', async () => {
  const { access } = await logIn(balancer.url, viewer);
  const one = () => ({ agent: new Agent({ keepAlive: false, localAddress: '127.0.0.2' }) });
  const polling = await connected(sticky.url, access, { transports: ['polling'], ...one() });
  const upgraded = await connected(sticky.url, access, { transports: ['polling', 'websocket'], ...one() });
  const webSocket = await connected(balancer.url, access, one());
  const id = source.newId();
  await announce(balancer.url, service, await source.commit([{ id, revision: 1 }]));
  for (const client of [polling, upgraded, webSocket])
    await eventually(
      () => client.seen.has(id),
      () => `${client.ends} ${client.refusals}`,
    );
  const astray = new LiveClient({ url: balancer.url, token: access }, { transports: ['polling'], ...one() });
  clients.push(astray);
  // The gateway that does not know the session says so with 400; nothing is told to the wrong one.
  await eventually(
    () => astray.refusals.length > 0 || astray.ends.length > 0,
    () => 'it worked',
  );
});

test('a log-out at one gateway ends the connections of that log-in at the other, and no others', async (t) => {
  const [here, there] = [gatewayAt(0), gatewayAt(1)];
  const first = await logIn(here.url, viewer);
  const second = await logIn(here.url, viewer);
  const gone = [
    await connected(here.url, first.access),
    await connected(there.url, first.access),
    await connected(there.url, first.access, { transports: ['polling'] }),
  ];
  const stays = await connected(there.url, second.access);
  const startedMs = performance.now();
  const answer = await fetch(`${here.url}/auth/log-out`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token: first.refreshToken }),
  });
  assert.equal(answer.status, 200);
  for (const client of gone)
    await eventually(
      () => client.ends.includes('io server disconnect'),
      () => `${client.ends}`,
    );
  t.diagnostic(`cut off ${Math.round(performance.now() - startedMs)} ms after the log-out was sent`);
  assert.equal(stays.connected, true);
  assert.ok((await metric(there.url, 'verdict_gateway_live_ended_total{reason="revoked"}')) > 0);
});

test('a user who was changed is cut off at every gateway', async () => {
  const { access } = await logIn(balancer.url, changed);
  const others = await connected(gatewayAt(1).url, (await logIn(balancer.url, viewer)).access);
  const gone = [await connected(gatewayAt(0).url, access), await connected(gatewayAt(1).url, access)];
  const added = await gateways.add([viewer, { ...changed, password: 'another one, as long' }, detector]);
  for (const client of gone)
    await eventually(
      () => client.ends.includes('io server disconnect'),
      () => `${client.ends}`,
    );
  assert.equal(others.connected, true);
  const back = new LiveClient({ url: added.url, token: access });
  clients.push(back);
  await eventually(
    () => /ended/.test(back.refusals[0] ?? ''),
    () => `${back.refusals}`,
  );
});

test('a token that expires ends its connections at every gateway', async () => {
  const token = await tokenFor(5);
  const gone = [await connected(gatewayAt(0).url, token), await connected(gatewayAt(1).url, token)];
  for (const client of gone)
    await eventually(
      () => client.ends.includes('io server disconnect'),
      () => `${client.ends}`,
    );
  const expired = 'verdict_gateway_live_ended_total{reason="expired"}';
  assert.ok((await metric(gatewayAt(1).url, expired)) > 0);
});

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  test(`clients of a gateway that ends by ${signal} go on at the other from their cursor and miss nothing`, async () => {
    const { access } = await logIn(gatewayAt(1).url, viewer);
    const doomed = await gateways.add();
    const pair = await startBalancer([doomed.port, gatewayAt(1).port], 'round robin');
    try {
      const all: LiveClient[] = [];
      for (let index = 0; index < 6; index++) all.push(await connected(pair.url, access));
      const there = await metric(doomed.url, 'verdict_gateway_live_connections');
      assert.ok(there > 0 && there < all.length, `${there} of ${all.length}`);
      const ids = Array.from({ length: 40 }, () => source.newId());
      const change = async (revision: number, from: number, to: number): Promise<void> => {
        const changes = await source.commit(ids.slice(from, to).map((id) => ({ id, revision })));
        await announce(gatewayAt(1).url, service, changes);
      };
      await change(1, 0, 20);
      const ended = doomed.stop(signal);
      for (let from = 0; from < 40; from += 4) await change(from < 20 ? 2 : 1, from, from + 4);
      await ended;
      const newest = (id: string) => (ids.indexOf(id) < 20 ? 2 : 1);
      const has = (client: LiveClient) => ids.every((id) => client.seen.get(id)?.revision === newest(id));
      await eventually(
        () => all.every((client) => client.connected && has(client)),
        () => JSON.stringify(all.map(({ ends, refusals }) => ({ ends, refusals }))),
      );
      assert.equal(all.filter(({ messages }) => messages.length > 1).length, there);
      for (const client of all) {
        // A gateway that goes is no decision about the client: socket.io connects again by itself.
        assert.ok(!client.ends.includes('io server disconnect'));
        assertOnceInOrder(client, ids.slice(0, 20), 2);
        client.close();
      }
    } finally {
      await pair.stop();
    }
  });

/** A token as the gateways give it, good for some seconds. */
async function tokenFor(seconds: number): Promise<string> {
  const stored = JSON.parse(await readFile(gateways.signingKeyFile, 'utf8'));
  const jwk = stored.keys?.[0] ?? stored;
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    sub: 'vic',
    roles: ['viewer'],
    iss: 'verdict',
    aud: 'verdict',
    iat: now,
    exp: now + seconds,
  };
  const text = `${part({ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' })}.${part(claims)}`;
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** Value of a metric of a gateway. */
async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1));
}
