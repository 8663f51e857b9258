import assert from 'node:assert/strict';
import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { StartError, systemClock, TokenRefused, tokenVerifier } from '@verdict/process';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { openSigningKeys, publishBeforeMs, type SigningKeys } from './signing-keys.ts';
import { createTokenIssuer, tokenLifetimeSeconds } from './token-issuer.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdict-key-'));
});
after(() => rm(folder, { recursive: true }));

const silent = { warn: () => undefined, info: () => undefined };
const open = (path: string, nowMs = Date.now): Promise<SigningKeys> =>
  openSigningKeys(path, { nowMs, logger: silent });

/** A private key as JWK. */
async function newJwk(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return exportJWK(privateKey);
}

test('gateways that start together agree on one key, which only its owner can read', async () => {
  const file = join(folder, 'key.json');
  const keys = await Promise.all([open(file), open(file), open(file)]);
  assert.equal(new Set(keys.map((key) => key.current().kid)).size, 1);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['key.json']);
  assert.equal(JSON.stringify(keys[0]?.keySet()).includes('"d"'), false);
});

test('what is issued with the key is verified with its public half', async () => {
  const keys = await open(join(folder, 'key.json'));
  const token = await createTokenIssuer(keys.current, systemClock).issue('ann', ['analyst']);
  const caller = await tokenVerifier({ keySet: keys.keySet() })(token);
  assert.equal(caller.name, 'ann');
  assert.ok(Math.abs(caller.expiresAtMs - Date.now() - tokenLifetimeSeconds * 1000) < 5000);
});

test('a file that is no key is one clear sentence', async () => {
  for (const text of [
    '',
    'hello',
    '{}',
    '{"kty":"EC","crv":"P-256","x":"a","y":"b"}',
    '{"kty":"oct","k":"aaaa"}',
  ]) {
    const file = join(folder, 'bad.json');
    await writeFile(file, text);
    await assert.rejects(open(file), StartError, text);
  }
});

test('a new key is published first, signs later, and tokens of the old one are good until it is taken away', async () => {
  const ring = join(folder, 'ring');
  await mkdir(ring);
  const clock = { nowMs: () => Date.now() };
  const write = async (name: string, ...keys: JWK[]): Promise<void> =>
    writeFile(join(ring, name), JSON.stringify(keys.length === 1 ? keys[0] : { keys }));
  await write('2026-01.json', await newJwk());
  const keys = await open(ring, () => clock.nowMs());
  const issuer = createTokenIssuer(keys.current, systemClock);
  const verify = tokenVerifier({ findKey: keys.findKey });
  const first = await issuer.issue('ann', ['viewer']);
  const firstKid = keys.current().kid;

  await write('2026-02.json', await newJwk());
  await keys.reload();
  assert.equal(keys.keySet().keys.length, 2);
  assert.equal(keys.current().kid, firstKid);
  // Another gateway, which starts now, does not sign with it yet either.
  assert.equal((await open(ring)).current().kid, firstKid);

  clock.nowMs = () => Date.now() + publishBeforeMs + 1000;
  await keys.reload();
  assert.notEqual(keys.current().kid, firstKid);
  const second = await issuer.issue('ann', ['viewer']);
  for (const token of [first, second]) assert.equal((await verify(token)).name, 'ann');

  await rm(join(ring, '2026-01.json'));
  await keys.reload();
  assert.equal((await verify(second)).name, 'ann');
  await assert.rejects(verify(first), TokenRefused);

  await writeFile(join(ring, '2026-03.json'), 'half a fi');
  await keys.reload();
  assert.equal((await verify(second)).name, 'ann');
});

test('one file may hold several keys, as a set or as PEM one after the other', async () => {
  const [one, two] = [await newJwk(), await newJwk()];
  const set = join(folder, 'set.json');
  await writeFile(set, JSON.stringify({ keys: [one, two] }));
  const later = () => Date.now() + publishBeforeMs + 1000;
  const keys = await open(set, later);
  assert.equal(keys.keySet().keys.length, 2);
  assert.equal(keys.keySet().keys[1]?.kid, keys.current().kid);
  const pem = [one, two].map((key) =>
    createPrivateKey({ key: key as JsonWebKey, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }),
  );
  const file = join(folder, 'set.pem');
  await writeFile(file, pem.join(''));
  assert.deepEqual((await open(file, later)).keySet(), keys.keySet());
});
