import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { before, describe, test } from 'node:test';
import { maxTokenChars, TokenRefused, tokenVerifier, type VerifyToken } from '@verdict/process';
import {
  base64url,
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { oidcTokenVerifier } from './oidc/oidc-token-verifier.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));

/** One issuer with its key, the tokens that it would sign, and the check that must not be fooled. */
interface Stage {
  readonly alg: 'ES256' | 'RS256';
  readonly key: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly header: Readonly<Record<string, unknown>>;
  readonly verify: VerifyToken;
}

type Change = { claims?: object; header?: object; key?: CryptoKey | Uint8Array; alg?: string };
/** Makes a bad token on a stage. */
type Forge = (stage: Stage) => Promise<string> | string;

/** What is signed with the issuer's own key, but changed. */
const signed =
  (change: Change | (() => Change)): Forge =>
  (stage) =>
    sign(stage, typeof change === 'function' ? change() : change);

async function sign(stage: Stage, { claims = {}, header = {}, key, alg }: Change = {}): Promise<string> {
  const all = { ...stage.claims, ...claims };
  return new SignJWT(all as Record<string, unknown>)
    .setProtectedHeader({ ...stage.header, alg: alg ?? stage.alg, ...header })
    .sign(key ?? stage.key);
}

/** The text that an issuer signs, with any header: jose refuses to write some of them. */
async function withHeader(
  stage: Stage,
  header: object,
  payload: string = encode(stage.claims),
): Promise<string> {
  const head = encode({ ...stage.header, alg: stage.alg, ...header });
  const name = stage.alg === 'ES256' ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'RSASSA-PKCS1-v1_5' };
  const bytes = await crypto.subtle.sign(name, stage.key, new TextEncoder().encode(`${head}.${payload}`));
  return `${head}.${payload}.${base64url.encode(new Uint8Array(bytes))}`;
}

const parts = async (stage: Stage): Promise<[string, string, string]> =>
  (await sign(stage)).split('.') as [string, string, string];
const stranger = async (stage: Stage) =>
  (await generateKeyPair(stage.alg, { extractable: true })) as {
    privateKey: CryptoKey;
    publicKey: CryptoKey;
  };
const byStranger =
  (header: (own: object) => object): Forge =>
  async (stage) => {
    const { privateKey, publicKey } = await stranger(stage);
    return sign(stage, { key: privateKey, header: header(await exportJWK(publicKey)) });
  };
const hmac = (text: string, secret: string | Uint8Array): string =>
  `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
const byHmac =
  (secret: (stage: Stage) => Promise<string | Uint8Array>): Forge =>
  async (stage) =>
    hmac(`${encode({ ...stage.header, alg: 'HS256' })}.${encode(stage.claims)}`, await secret(stage));

const table: Readonly<Record<string, Forge>> = {
  // No token at all.
  'empty text': () => '',
  'one word': () => 'hello',
  'two parts': async (stage) => (await parts(stage)).slice(0, 2).join('.'),
  'four parts': async (stage) => `${await sign(stage)}.x`,
  'five parts, as if encrypted': async (stage) => `${await sign(stage)}.a.b`,
  'white space around': async (stage) => ` ${await sign(stage)}\n`,
  'a header that is no JSON': async (stage) => ['!!!', ...(await parts(stage)).slice(1)].join('.'),
  'a header that is an array': async (stage) => [encode([]), ...(await parts(stage)).slice(1)].join('.'),
  'a payload that is no JSON': (stage) => withHeader(stage, {}, base64url.encode('hello')),
  'a payload that is a list': (stage) => withHeader(stage, {}, encode([stage.claims])),
  'a payload that is null': (stage) => withHeader(stage, {}, encode(null)),
  // Algorithms.
  'alg none': async (stage) => `${encode({ ...stage.header, alg: 'none' })}.${(await parts(stage))[1]}.`,
  'alg None, with the signature': async (stage) => {
    const [, body, signature] = await parts(stage);
    return `${encode({ ...stage.header, alg: 'None' })}.${body}.${signature}`;
  },
  'alg NONE without a signature': async (stage) => `${encode({ alg: 'NONE' })}.${(await parts(stage))[1]}.`,
  'alg missing': async (stage) => withHeader(stage, { alg: undefined }),
  'alg as a list': async (stage) => withHeader(stage, { alg: [stage.alg] }),
  'alg in another case': async (stage) => withHeader(stage, { alg: stage.alg.toLowerCase() }),
  'HS256 keyed with the public key as PEM': byHmac(({ publicKey }) => exportSPKI(publicKey)),
  'HS256 keyed with the public key as JWK': byHmac(async ({ publicKey }) =>
    JSON.stringify(await exportJWK(publicKey)),
  ),
  'HS256 keyed with the key id': byHmac(async ({ header }) => String(header.kid)),
  'HS256 keyed with nothing': byHmac(async () => ''),
  'HS512 of a secret of somebody': signed({ alg: 'HS512', key: new Uint8Array(64) }),
  'another curve (ES384)': async (stage) =>
    sign(stage, { alg: 'ES384', key: (await generateKeyPair('ES384')).privateKey }),
  'another family (EdDSA)': async (stage) =>
    sign(stage, { alg: 'EdDSA', key: (await generateKeyPair('EdDSA')).privateKey }),
  'the alg of a key that does not fit': async (stage) =>
    withHeader(stage, { alg: stage.alg === 'ES256' ? 'RS256' : 'ES256' }),
  // Signatures.
  'no signature': async (stage) => `${(await parts(stage)).slice(0, 2).join('.')}.`,
  'a signature of zeros (psychic)': async (stage) =>
    `${(await parts(stage)).slice(0, 2).join('.')}.${base64url.encode(new Uint8Array(64))}`,
  'a signature with one bit changed': async (stage) => {
    const [head, body, signature] = await parts(stage);
    return `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  },
  'the signature of another token': async (stage) => {
    const other = await sign(stage, { claims: { jti: 'other' } });
    return `${(await parts(stage)).slice(0, 2).join('.')}.${other.split('.')[2]}`;
  },
  'raised roles under an old signature': async (stage) => {
    const [head, , signature] = await parts(stage);
    return `${head}.${encode({ ...stage.claims, roles: ['admin', 'Verdict.Admin'] })}.${signature}`;
  },
  'the key of a stranger': byStranger(() => ({})),
  // Key ids and keys that a token brings along.
  'kid unknown': byStranger(() => ({ kid: 'unknown' })),
  'kid unknown, signed with the right key': (stage) => withHeader(stage, { kid: 'unknown' }),
  'kid empty': byStranger(() => ({ kid: '' })),
  'kid as a path': byStranger(() => ({ kid: '../../../../dev/null' })),
  'kid as SQL': byStranger(() => ({ kid: "x' UNION SELECT 'secret' --" })),
  'kid as a command': byStranger(() => ({ kid: '| id' })),
  'kid as an address': byStranger(() => ({ kid: 'http://127.0.0.1:1/key' })),
  'kid as a list': (stage) => withHeader(stage, { kid: [stage.header.kid] }),
  'kid as an object': (stage) => withHeader(stage, { kid: { kid: stage.header.kid } }),
  'kid as a number': (stage) => withHeader(stage, { kid: 1 }),
  'kid that names a property of objects': byStranger(() => ({ kid: '__proto__' })),
  'a key in the header (jwk)': byStranger((jwk) => ({ jwk })),
  'a key in the header under its own kid': byStranger((jwk) => ({ jwk, kid: 'mine' })),
  'an address of keys (jku)': byStranger(() => ({ jku: 'http://127.0.0.1:1/jwks.json' })),
  'an address of a certificate (x5u)': byStranger(() => ({ x5u: 'http://127.0.0.1:1/cert.pem' })),
  'a certificate (x5c)': byStranger(() => ({ x5c: ['MIIB'] })),
  'a critical header that nobody knows': (stage) => withHeader(stage, { crit: ['exp2'], exp2: 1 }),
  'an empty list of critical headers': (stage) => withHeader(stage, { crit: [] }),
  'a payload that is not encoded (b64)': (stage) => withHeader(stage, { crit: ['b64'], b64: false }),
  // What it is, from whom, for whom.
  'an id token by its type': signed({ header: { typ: 'id+jwt' } }),
  'a log-out token': signed({ header: { typ: 'logout+jwt' } }),
  'a proof of possession': signed({ header: { typ: 'dpop+jwt' } }),
  'typ as a list': (stage) => withHeader(stage, { typ: ['at+jwt'] }),
  'issuer missing': signed({ claims: { iss: undefined } }),
  'issuer wrong': signed({ claims: { iss: 'https://login.example/other' } }),
  'issuer with a slash more': (stage) => sign(stage, { claims: { iss: `${stage.claims.iss}/` } }),
  'issuer as a list': (stage) => sign(stage, { claims: { iss: [stage.claims.iss] } }),
  'audience missing': signed({ claims: { aud: undefined } }),
  'audience wrong': signed({ claims: { aud: 'grafana' } }),
  'audience empty': signed({ claims: { aud: [] } }),
  'audience as an object': (stage) => sign(stage, { claims: { aud: { aud: stage.claims.aud } } }),
  'audience that only begins right': (stage) => sign(stage, { claims: { aud: `${stage.claims.aud}.evil` } }),
  // Times.
  expired: signed(() => ({ claims: { iat: nowSeconds() - 7200, exp: nowSeconds() - 3600 } })),
  'expiry missing': signed({ claims: { exp: undefined } }),
  'expiry as text': signed(() => ({ claims: { exp: String(nowSeconds() + 600) } })),
  'expiry null': signed({ claims: { exp: null } }),
  'not yet valid': signed(() => ({ claims: { nbf: nowSeconds() + 600 } })),
  'valid from a text on': signed({ claims: { nbf: 'now' } }),
  'time of issue missing': signed({ claims: { iat: undefined } }),
  'time of issue as text': signed({ claims: { iat: 'now' } }),
  // Who.
  'subject missing': signed({ claims: { sub: undefined } }),
  // Size.
  'a huge claim': signed({ claims: { more: 'x'.repeat(maxTokenChars) } }),
  'a huge header': (stage) => withHeader(stage, { more: 'x'.repeat(maxTokenChars) }),
  'a megabyte of one letter': () => 'a'.repeat(1024 * 1024),
  'ten thousand dots': () => '.'.repeat(10_000),
};

/** What only our own check can refuse: it knows how we write claims and roles. */
const ownTable: Readonly<Record<string, Forge>> = {
  'subject empty': signed({ claims: { sub: '' } }),
  'subject as a number': signed({ claims: { sub: 7 } }),
  'roles missing': signed({ claims: { roles: undefined } }),
  'roles empty': signed({ claims: { roles: [] } }),
  'roles as text': signed({ claims: { roles: 'admin' } }),
  'a role that does not exist': signed({ claims: { roles: ['viewer', 'root'] } }),
  'a session that is a list': signed({ claims: { sid: ['a'] } }),
  'roles twice, the higher one last': (stage) =>
    withHeader(
      stage,
      {},
      base64url.encode(`${JSON.stringify(stage.claims).slice(0, -1)},"roles":["admin"]}`),
    ),
  'expiry twice': (stage) =>
    withHeader(stage, {}, base64url.encode(`${JSON.stringify(stage.claims).slice(0, -1)},"exp":9999999999}`)),
};

/** What only the check of an identity provider's tokens meets. */
const providerTable: Readonly<Record<string, Forge>> = {
  'an id token as Entra writes it, for the same audience': signed({
    header: { typ: 'JWT' },
    claims: { scp: undefined, nonce: 'n', preferred_username: 'olga' },
  }),
  'an id token with a scope that somebody added, and its nonce': signed({
    header: { typ: 'JWT' },
    claims: { nonce: 'n' },
  }),
  'an id token with the hash of an access token': signed({
    header: { typ: 'JWT' },
    claims: { at_hash: 'h' },
  }),
  'a token without scope or app': signed({ header: { typ: 'JWT' }, claims: { scp: undefined } }),
};

async function stageOf(alg: Stage['alg'], claims: object, typ: string): Promise<Omit<Stage, 'verify'>> {
  // RSA by node:crypto would not do: the Web Crypto key is needed for texts that jose does not sign.
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const times = { iat: nowSeconds(), exp: nowSeconds() + 600 };
  return { alg, key: privateKey, publicKey, claims: { ...claims, ...times }, header: { kid: 'k1', typ } };
}

let own: Stage;
let provider: Stage;

before(async () => {
  const ours = await stageOf(
    'ES256',
    { sub: 'ann', roles: ['viewer'], iss: 'verdict', aud: 'verdict' },
    'at+jwt',
  );
  const keySet = async ({ publicKey, alg }: Omit<Stage, 'verify'>) => ({
    keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg, use: 'sig' }],
  });
  own = { ...ours, verify: tokenVerifier({ keySet: await keySet(ours) }) };
  const iss = 'https://login.example/tenant/v2.0';
  const theirs = await stageOf(
    'RS256',
    {
      sub: 'o',
      preferred_username: 'olga',
      roles: ['Verdict.Viewer'],
      iss,
      aud: 'api://verdict',
      scp: 'access',
    },
    'JWT',
  );
  const mapping = {
    rules: [{ claim: 'roles', value: 'Verdict.Viewer', roles: ['viewer' as const] }],
    nameClaim: 'preferred_username',
    namePrefix: 'oidc:',
  };
  const keys = createLocalJWKSet(await keySet(theirs));
  provider = {
    ...theirs,
    verify: oidcTokenVerifier({ issuer: iss, audience: 'api://verdict', keys, mapping }),
  };
});

async function refused(stage: Stage, forge: Forge, name: string): Promise<void> {
  // An alg that jose would not write is part of the table: those tokens are made by hand.
  const token = await forge(stage);
  await assert.rejects(stage.verify(token), TokenRefused, name);
}

describe('of our own tokens, none is taken with', () => {
  for (const [name, forge] of Object.entries({ ...table, ...ownTable }))
    test(name, () => refused(own, forge, name));
});

describe("of an identity provider's tokens, none is taken with", () => {
  for (const [name, forge] of Object.entries({ ...table, ...providerTable }))
    test(name, () => refused(provider, forge, name));
});

test('the tokens that those were made from are good', async () => {
  assert.equal((await own.verify(await sign(own))).name, 'ann');
  assert.deepEqual((await provider.verify(await sign(provider))).name, 'oidc:olga');
  assert.equal((await own.verify(await withHeader(own, {}))).name, 'ann');
});

test('no address that a token names is asked for keys', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const name of ['jku', 'x5u', 'kid', 'iss'])
    for (const stage of [own, provider])
      await refused(
        stage,
        byStranger(() => ({ [name]: `http://127.0.0.1:${port}/keys` })),
        name,
      );
  await new Promise((resolve) => server.close(resolve));
  assert.equal(asked, 0);
});
