import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { KeysUnavailable } from '@verdict/process';
import { errors, jwtVerify } from 'jose';
import { type StandInCluster, startStandInCluster } from './cluster.fixture.ts';
import { type ClusterKeysOptions, clusterKeys } from './cluster-keys.ts';

let cluster: StandInCluster;
let folder: string;
let nowMs = 0;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-keys-'));
});
beforeEach(async () => {
  cluster = await startStandInCluster();
});
after(() => rm(folder, { recursive: true }));

/** Checks a token with fresh keys; the server is gone afterwards. */
function keysOf(options: Partial<ClusterKeysOptions> = {}) {
  const keys = clusterKeys({ issuer: cluster.issuer, monotonicMs: () => nowMs, ...options });
  return async (token: string): Promise<string | undefined> => {
    const { payload } = await jwtVerify(token, keys, { algorithms: ['RS256', 'ES256'] });
    return payload.sub;
  };
}

const sub = 'system:serviceaccount:shop:verdict-detector';

test('keys are found by discovery at the issuer, and asked for once', async () => {
  const check = keysOf();
  const token = await cluster.token();
  assert.deepEqual(await Promise.all([check(token), check(token), check(token)]), [sub, sub, sub]);
  assert.equal(cluster.asked, 1);
  await cluster.stop();
});

test('a discovery document of another issuer is not believed', async () => {
  cluster.discovery = { issuer: 'https://elsewhere.example', jwks_uri: cluster.jwksUrl };
  await assert.rejects(keysOf()(await cluster.token()), KeysUnavailable);
  cluster.discovery = { issuer: cluster.issuer, jwks_uri: 'file:///etc/passwd' };
  await assert.rejects(keysOf()(await cluster.token()), KeysUnavailable);
  await cluster.stop();
});

test('a failed first look is not remembered', async () => {
  const check = keysOf();
  cluster.status = 503;
  const token = await cluster.token();
  await assert.rejects(check(token), KeysUnavailable);
  cluster.status = 200;
  assert.equal(await check(token), sub);
  await cluster.stop();
});

test('the server of the keys is shown our own token, as it stands in the file at that time', async () => {
  const tokenFile = path.join(folder, 'token');
  await writeFile(tokenFile, 'first\n');
  cluster.wantedToken = 'first';
  const check = keysOf({ tokenFile });
  const token = await cluster.token();
  assert.equal(await check(token), sub);
  cluster.wantedToken = 'second';
  await writeFile(tokenFile, 'second\n');
  nowMs += 11 * 60_000;
  const asked = cluster.asked;
  assert.equal(await check(token), sub);
  for (let tries = 0; cluster.asked === asked && tries < 200; tries++)
    await new Promise((done) => setTimeout(done, 10));
  assert.equal(cluster.asked, asked + 1);
  await cluster.stop();
});

test('known keys serve on while the API server is away, and somebody is told', async () => {
  const told: unknown[] = [];
  const check = keysOf({ onStale: (error) => told.push(error) });
  const token = await cluster.token();
  assert.equal(await check(token), sub);
  await cluster.stop();
  nowMs += 3_600_000;
  assert.equal(await check(token), sub);
  for (let tries = 0; told.length === 0 && tries < 500; tries++)
    await new Promise((done) => setTimeout(done, 10));
  assert.equal(told.length, 1);
});

test('a key that is taken back is refused after the next look', async () => {
  const check = keysOf();
  const token = await cluster.token();
  assert.equal(await check(token), sub);
  cluster.keys = [];
  await cluster.addKey('k2');
  nowMs += 11 * 60_000;
  let refused: unknown;
  for (let tries = 0; refused === undefined && tries < 200; tries++) {
    refused = await check(token).then(
      () => undefined,
      (error: unknown) => error,
    );
    await new Promise((done) => setTimeout(done, 10));
  }
  assert.ok(refused instanceof errors.JWKSNoMatchingKey);
  await cluster.stop();
});

test('an answer that is too long, moved or no key set gives no keys', async () => {
  const token = await cluster.token();
  cluster.keys = [{ kty: 'oct', k: 'x'.repeat(2 * 1024 * 1024) }];
  await assert.rejects(keysOf({ jwksUrl: cluster.jwksUrl })(token));
  cluster.keys = [];
  cluster.status = 302;
  await assert.rejects(keysOf({ jwksUrl: cluster.jwksUrl })(token));
  await cluster.stop();
});
