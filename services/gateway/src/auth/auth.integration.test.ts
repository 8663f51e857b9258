import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { StartError } from '@verdict/process';
import {
  base64url,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose';
import { caller, newUser, type Platform, startPlatform } from '../gateway.fixture.ts';
import { bootstrapUsers, readUsers } from './bootstrap-users.ts';

let platform: Platform;
let url: string;
let call: ReturnType<typeof caller>;

before(async () => {
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
  call = caller(url);
});
after(() => platform.stop());

test('a right pair gives a short-lived token that the public keys verify', async () => {
  const user = await newUser(platform.stores, 'analyst', 'viewer');
  const { status, body, headers } = await call('POST', '/auth/token', user);
  assert.equal(status, 200);
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual([body.token_type, body.expires_in], ['Bearer', 600]);
  const keySet = (await call('GET', '/.well-known/jwks.json')).body;
  assert.equal(JSON.stringify(keySet).includes('"d"'), false);
  const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(keySet), {
    issuer: 'verdict',
    audience: 'verdict',
  });
  assert.equal(payload.sub, user.username);
  assert.equal(decodeProtectedHeader(body.access_token).kid, keySet.keys[0].kid);
  assert.equal((await caller(url, body.access_token)('GET', '/anomalies')).status, 200);
});

test('a wrong password and an unknown user get the same answer', async () => {
  const user = await newUser(platform.stores, 'viewer');
  const wrong = await call('POST', '/auth/token', { ...user, password: 'no' });
  const unknown = await call('POST', '/auth/token', { username: 'nobody-here', password: 'no' });
  assert.deepEqual([wrong.status, wrong.body], [401, unknown.body]);
  assert.equal(unknown.status, 401);
});

test('requests that do not fit are refused', async () => {
  for (const body of [
    {},
    { username: 'a' },
    { username: 'a', password: 'b', more: 1 },
    { username: 1, password: 2 },
    { username: 'a\0b', password: 'U+0000, which PostgreSQL cannot hold, was an internal error' },
  ])
    assert.equal((await call('POST', '/auth/token', body)).status, 400);
  assert.equal(
    (await call('POST', '/auth/token', { username: 'a', password: 'x'.repeat(5000) })).status,
    413,
  );
  assert.equal((await call('GET', '/auth/token')).status, 405);
});

test('ten failures lock a user out on every gateway, and the right password does not help', async () => {
  const user = await newUser(platform.stores, 'viewer');
  for (let failure = 0; failure < 10; failure++)
    assert.equal(
      (await call('POST', '/auth/token', { ...user, password: 'no' })).status,
      401,
      String(failure),
    );
  const locked = await call('POST', '/auth/token', user);
  assert.equal(locked.status, 429);
  assert.ok(Number(locked.headers.get('retry-after')) > 800);
  const second = await platform.startGateway();
  const elsewhere = await caller(second.url)('POST', '/auth/token', user);
  assert.equal(elsewhere.status, 429);
  const other = await newUser(platform.stores, 'viewer');
  assert.equal((await call('POST', '/auth/token', other)).status, 200);
});

test('an unknown name is locked like a known one', async () => {
  const ghost = { username: 'ghost', password: 'x' };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 11; attempt++)
    statuses.push((await call('POST', '/auth/token', ghost)).status);
  assert.deepEqual(statuses, [...new Array(10).fill(401), 429]);
});

test('too many log-ins from one address are slowed down', async () => {
  const strict = await platform.startGateway({ loginsPerMinute: 3 });
  const user = await newUser(platform.stores, 'viewer');
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++)
    statuses.push((await caller(strict.url)('POST', '/auth/token', user)).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
});

test('tokens that were not given by us are refused over HTTP too', async () => {
  const good = await platform.token('ann', 'viewer');
  const [head, , signature] = good.split('.');
  const claims = decodeJwt(good);
  const forged = await generateKeyPair('ES256');
  const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));
  const sign = (change: object, header: object = {}, key = platform.key.privateKey): Promise<string> =>
    new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: 'ES256', kid: platform.key.kid, ...header })
      .sign(key);
  const past = Math.floor(Date.now() / 1000) - 60;
  const bad = [
    'x',
    `${encode({ alg: 'none' })}.${encode({ ...claims, roles: ['admin'] })}.`,
    `${head}.${encode({ ...claims, roles: ['admin'] })}.${signature}`,
    await sign({ exp: past }),
    await sign({ iss: 'other' }),
    await sign({ aud: 'other' }),
    await sign({ roles: [] }),
    await sign({}, {}, forged.privateKey),
    await sign({}, { jwk: await exportJWK(forged.publicKey) }, forged.privateKey),
    await sign({}, { kid: 'unknown' }),
  ];
  for (const token of bad) {
    const { status, headers } = await caller(url, token)('GET', '/anomalies');
    assert.equal(status, 401, token);
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
  }
  assert.equal((await caller(url, good)('GET', '/anomalies')).status, 200);
});

test('bootstrap users are created and updated, and a lock-out outlives a restart', async () => {
  const file = join(platform.folder, 'users.json');
  const { users } = platform.stores;
  const write = (password: string): Promise<void> =>
    writeFile(file, JSON.stringify([{ username: 'boot', password, roles: ['admin'] }]));
  await write('first');
  await bootstrapUsers(await readUsers(file), platform.stores);
  const first = await users.get('boot');
  await bootstrapUsers(await readUsers(file), platform.stores);
  assert.equal((await users.get('boot'))?.passwordHash, first?.passwordHash);
  await write('second');
  await bootstrapUsers(await readUsers(file), platform.stores);
  assert.equal((await call('POST', '/auth/token', { username: 'boot', password: 'first' })).status, 401);
  assert.equal((await call('POST', '/auth/token', { username: 'boot', password: 'second' })).status, 200);
  await writeFile(file, '[{"username":"boot","password":"secret"}]');
  await assert.rejects(
    readUsers(file),
    (error: Error) => error instanceof StartError && !error.message.includes('secret'),
  );
});

/** fetch sets Host itself, so the raw client is needed. */
function statusFor(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/anomalies`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

test('foreign hosts and origins are not answered', async () => {
  assert.equal(await statusFor({ host: 'evil.example' }), 421);
  assert.equal(await statusFor({ host: 'evil.example:8080' }), 421);
  assert.equal(await statusFor({ origin: 'https://evil.example' }), 403);
  assert.equal(await statusFor({ host: 'localhost:1' }), 401);
});
