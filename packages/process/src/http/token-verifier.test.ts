import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { before, test } from 'node:test';
import {
  base64url,
  type CryptoKey,
  errors,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { KeysUnavailable, TokenRefused, type VerifyToken } from './caller.ts';
import { tokenVerifier } from './token-verifier.ts';

let privateKey: CryptoKey;
let publicKey: CryptoKey;
let verify: VerifyToken;

before(async () => {
  ({ privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true }));
  verify = tokenVerifier({
    keySet: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] },
  });
});

const nowSeconds = (): number => Math.floor(Date.now() / 1000);

interface Changes {
  readonly claims?: JWTPayload;
  readonly header?: Record<string, unknown>;
  readonly key?: CryptoKey;
  readonly alg?: string;
}

function sign({ claims = {}, header = {}, key = privateKey, alg = 'ES256' }: Changes = {}): Promise<string> {
  const payload = {
    sub: 'ann',
    roles: ['analyst'],
    iss: 'verdict',
    aud: 'verdict',
    iat: nowSeconds(),
    exp: nowSeconds() + 60,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg, kid: 'k1', ...header }).sign(key);
}

test('a good token names its caller', async () => {
  const caller = await verify(await sign());
  assert.equal(caller.name, 'ann');
  assert.deepEqual(caller.roles, ['analyst']);
  assert.ok(caller.expiresAtMs > Date.now());
});

test('every way to make up a token is refused', async () => {
  const good = await sign();
  const [head = '', body = '', signature = ''] = good.split('.');
  const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));
  const other = await generateKeyPair('ES256');
  const rsa = await generateKeyPair('RS256');
  const ed = await generateKeyPair('EdDSA');
  const claimsOf = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  const hs = `${encode({ alg: 'HS256', kid: 'k1' })}.${body}`;
  const hmac = createHmac('sha256', await exportSPKI(publicKey))
    .update(hs)
    .digest('base64url');
  const past = nowSeconds() - 3600;
  const bad: Record<string, string> = {
    empty: '',
    'no token': 'hello',
    'two parts': `${head}.${body}`,
    'five parts': `${good}.a.b`,
    'alg none': `${encode({ alg: 'none', kid: 'k1' })}.${body}.`,
    'alg None with signature': `${encode({ alg: 'None', kid: 'k1' })}.${body}.${signature}`,
    'HS256 with the public key': `${hs}.${hmac}`,
    'another key': await sign({ key: other.privateKey }),
    'unknown key id': await sign({ key: other.privateKey, header: { kid: 'k2' } }),
    'own key in the header': await sign({
      key: other.privateKey,
      header: { jwk: await exportJWK(other.publicKey) },
    }),
    'another algorithm (RS256)': await sign({ key: rsa.privateKey, alg: 'RS256' }),
    'another algorithm (EdDSA)': await sign({ key: ed.privateKey, alg: 'EdDSA' }),
    'changed roles': `${head}.${encode({ ...claimsOf, roles: ['admin'] })}.${signature}`,
    'changed signature': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'no signature': `${head}.${body}.`,
    expired: await sign({ claims: { iat: past, exp: past + 60 } }),
    'no expiry': await sign({ claims: { exp: undefined } }),
    'not yet valid': await sign({ claims: { nbf: nowSeconds() + 600 } }),
    'wrong issuer': await sign({ claims: { iss: 'somebody' } }),
    'no issuer': await sign({ claims: { iss: undefined } }),
    'wrong audience': await sign({ claims: { aud: 'grafana' } }),
    'no audience': await sign({ claims: { aud: undefined } }),
    'no subject': await sign({ claims: { sub: undefined } }),
    'empty subject': await sign({ claims: { sub: '' } }),
    'no roles': await sign({ claims: { roles: undefined } }),
    'empty roles': await sign({ claims: { roles: [] } }),
    'unknown role': await sign({ claims: { roles: ['root'] } }),
    'roles as text': await sign({ claims: { roles: 'admin' } }),
    'critical header that nobody knows': `${encode({ alg: 'ES256', kid: 'k1', crit: ['x'], x: 1 })}.${body}.${signature}`,
  };
  for (const [name, token] of Object.entries(bad)) await assert.rejects(verify(token), TokenRefused, name);
});

test('a token that was good a moment ago is good until its key is taken away', async (t) => {
  const signatures = t.mock.method(globalThis.crypto.subtle, 'verify');
  let known = [publicKey];
  const verifyWith = tokenVerifier({
    findKey: async () => known[0] ?? Promise.reject(new errors.JWKSNoMatchingKey()),
  });
  const token = await sign();
  assert.equal((await verifyWith(token)).name, 'ann');
  assert.equal((await verifyWith(token)).name, 'ann');
  assert.equal(signatures.mock.callCount(), 1);
  known = [(await generateKeyPair('ES256')).publicKey];
  await assert.rejects(verifyWith(token), TokenRefused);
  known = [];
  await assert.rejects(verifyWith(token), TokenRefused);
});

test('a key set that cannot be fetched says nothing about the token', async () => {
  const offline = tokenVerifier({ jwksUrl: 'http://127.0.0.1:1/jwks.json' });
  await assert.rejects(offline(await sign()), KeysUnavailable);
});
