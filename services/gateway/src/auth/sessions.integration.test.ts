import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { io, type Socket } from 'socket.io-client';
import {
  type Answer,
  caller,
  eventually,
  newUser,
  type Platform,
  startPlatform,
} from '../gateway.fixture.ts';
import { hashPassword } from './password-hash.ts';
import { hashSecret, readRefreshToken } from './refresh-token.ts';

let platform: Platform;
let url: string;
let call: ReturnType<typeof caller>;
const sockets: Socket[] = [];

before(async () => {
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
  call = caller(url);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
after(() => platform.stop());

const refresh = (token: string): Promise<Answer> => call('POST', '/auth/refresh', { refresh_token: token });

async function logIn() {
  const user = await newUser(platform.stores, 'analyst');
  const { status, body } = await call('POST', '/auth/token', { ...user, session: 'token' });
  assert.equal(status, 200);
  return { user, access: body.access_token as string, refreshToken: body.refresh_token as string };
}

async function connect(token: string, to = url): Promise<Socket> {
  const socket = io(to, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Makes the last renewal of a token's log-in look old: the grace for repetitions is over. */
async function pastGrace(refreshToken: string): Promise<void> {
  const family = readRefreshToken(refreshToken)?.family ?? '';
  await platform.database.query(`UPDATE session SET rotated_at = now() - interval '11 s' WHERE family = $1`, [
    hashSecret(family),
  ]);
}

test('a refresh token gives an access token of the same log-in and the next refresh token, once', async () => {
  const { user, access, refreshToken } = await logIn();
  const first = await refresh(refreshToken);
  assert.equal(first.status, 200);
  assert.notEqual(first.body.refresh_token, refreshToken);
  assert.equal(decodeJwt(first.body.access_token).sid, decodeJwt(access).sid);
  assert.equal(decodeJwt(first.body.access_token).sub, user.username);
  assert.equal((await caller(url, first.body.access_token)('GET', '/anomalies')).status, 200);
  const second = await refresh(first.body.refresh_token);
  assert.equal(second.status, 200);
});

test('without asking for a session there is no refresh token and no cookie', async () => {
  const { body, headers } = await call('POST', '/auth/token', await newUser(platform.stores, 'viewer'));
  assert.equal(body.refresh_token, undefined);
  assert.equal(decodeJwt(body.access_token).sid, undefined);
  assert.equal(headers.get('set-cookie'), null);
});

test('a stolen refresh token that is used after its owner did ends the log-in on every gateway', async () => {
  const { access, refreshToken } = await logIn();
  const second = await platform.startGateway();
  const elsewhere = caller(second.url, access);
  assert.equal((await elsewhere('GET', '/anomalies')).status, 200);
  const socket = await connect(access, second.url);
  const owner = await refresh(refreshToken);
  await pastGrace(refreshToken);
  const thief = await refresh(refreshToken);
  assert.equal(thief.status, 401);
  assert.equal((await refresh(owner.body.refresh_token)).status, 401);
  await eventually(() => !socket.connected);
  await eventually(async () => (await elsewhere('GET', '/anomalies')).status === 401);
  assert.equal((await caller(url, owner.body.access_token)('GET', '/anomalies')).status, 401);
});

test('a thief who was first is found out as soon as the owner renews', async () => {
  const { refreshToken } = await logIn();
  const thief = await refresh(refreshToken);
  assert.equal(thief.status, 200);
  await pastGrace(refreshToken);
  assert.equal((await refresh(refreshToken)).status, 401);
  assert.equal((await refresh(thief.body.refresh_token)).status, 401);
  assert.equal((await caller(url, thief.body.access_token)('GET', '/anomalies')).status, 401);
});

test('a thief who renews within the grace gets nothing of their own', async () => {
  const { refreshToken } = await logIn();
  const owner = await refresh(refreshToken);
  const thief = await refresh(refreshToken);
  assert.equal(thief.body.refresh_token, owner.body.refresh_token);
  // Both have the same token now: whoever uses it second is found out.
  assert.equal((await refresh(owner.body.refresh_token)).status, 200);
  await pastGrace(refreshToken);
  assert.equal((await refresh(thief.body.refresh_token)).status, 401);
});

test('eight tabs that renew at once raise no alarm and hold the same token', async () => {
  const { refreshToken } = await logIn();
  const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    new Array(8).fill(200),
  );
  assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 1);
  assert.equal((await refresh(answers[0]?.body.refresh_token)).status, 200);
});

test('log-out ends the sockets of that log-in at once, on every gateway, and no other', async () => {
  const { user, access, refreshToken } = await logIn();
  const { body: other } = await call('POST', '/auth/token', { ...user, session: 'token' });
  const second = await platform.startGateway();
  const [here, there, stays] = [
    await connect(access),
    await connect(access, second.url),
    await connect(other.access_token),
  ];
  const gone = Promise.all(
    [here, there].map((socket) => new Promise((end) => socket.once('disconnect', end))),
  );
  assert.deepEqual((await call('POST', '/auth/log-out', { refresh_token: refreshToken })).body, { ended: 1 });
  await gone;
  assert.equal(stays.connected, true);
  assert.equal((await caller(url, access)('GET', '/anomalies')).status, 401);
  assert.equal((await refresh(refreshToken)).status, 401);
  assert.deepEqual((await call('POST', '/auth/log-out', { refresh_token: refreshToken })).body, { ended: 0 });
  await assert.rejects(connect(access), /ended/);
  const everywhere = { refresh_token: other.refresh_token };
  assert.equal((await call('POST', '/auth/log-out?everywhere=true', everywhere)).body.ended, 1);
  await eventually(() => !stays.connected);
});

test('a gateway that starts later knows which log-ins have ended', async () => {
  const { access, refreshToken } = await logIn();
  await call('POST', '/auth/log-out', { refresh_token: refreshToken });
  const later = await platform.startGateway();
  assert.equal((await caller(later.url, access)('GET', '/anomalies')).status, 401);
});

test('a live connection goes on with a newer token of the same person, and of nobody else', async () => {
  const { access, refreshToken } = await logIn();
  const socket = await connect(access);
  const renew = (request: unknown) => socket.timeout(5000).emitWithAck('renew', request);
  const { body } = await refresh(refreshToken);
  assert.deepEqual(await renew({ token: body.access_token }), { ok: true });
  for (const request of [undefined, {}, { token: 7 }, { token: 'x' }, { token: (await logIn()).access }])
    assert.equal((await renew(request)).ok, false);
  assert.equal(socket.connected, true);
});

test('what a user may do is read again at each renewal', async () => {
  const { user, refreshToken } = await logIn();
  const passwordHash = await hashPassword(user.password);
  await platform.stores.users.put({ username: user.username, passwordHash, roles: ['viewer'] });
  const { body } = await refresh(refreshToken);
  assert.deepEqual(decodeJwt(body.access_token).roles, ['viewer']);
  await platform.database.query('DELETE FROM user_account WHERE username = $1', [user.username]);
  assert.equal((await refresh(body.refresh_token)).status, 401);
});

test('nothing but a refresh token renews', async () => {
  const { access, refreshToken } = await logIn();
  const [family, secret = ''] = refreshToken.split('.');
  assert.equal((await refresh(access)).status, 400);
  for (const token of ['x', `${family}`, `${family}.`, `vr_${'A'.repeat(22)}.${secret}`, `${refreshToken}x`])
    assert.equal((await refresh(token)).status, 401, token);
  assert.equal((await call('POST', '/auth/refresh', {})).status, 401);
  assert.equal((await call('POST', '/auth/refresh', { refresh_token: 7 })).status, 400);
  assert.equal((await caller(url, refreshToken)('GET', '/anomalies')).status, 401);
  assert.equal((await refresh(refreshToken)).status, 200);
});
