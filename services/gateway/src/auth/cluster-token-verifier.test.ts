import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import {
  createHttpApp,
  defineRoute,
  HttpProblem,
  KeysUnavailable,
  type Listening,
  listen,
  TokenRefused,
  tokenVerifier,
  type VerifyToken,
} from '@verdict/process';
import { base64url, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { z } from 'zod';
import { accountClaims, type StandInCluster, silentEdge, startStandInCluster } from './cluster.fixture.ts';
import { clusterKeys } from './cluster-keys.ts';
import { clusterTokenVerifier } from './cluster-token-verifier.ts';
import { verifierByIssuer } from './verifier-by-issuer.ts';

let cluster: StandInCluster;
let verify: VerifyToken;

before(async () => {
  cluster = await startStandInCluster();
  verify = verifierFor(cluster);
});
after(() => cluster.stop());

function verifierFor({ issuer, jwksUrl }: StandInCluster): VerifyToken {
  return clusterTokenVerifier({
    issuer,
    audience: 'verdict',
    keys: clusterKeys({ issuer, jwksUrl, monotonicMs: () => performance.now() }),
    accounts: [
      { namespace: 'shop', serviceAccount: 'verdict-detector', roles: ['service'] },
      { namespace: 'verdict', serviceAccount: 'producer', roles: ['ingest', 'viewer'] },
    ],
  });
}

const nowSeconds = (): number => Math.floor(Date.now() / 1000);
const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));

test('a projected token names its account, with the roles that the account has here', async () => {
  const caller = await verify(await cluster.token());
  assert.equal(caller.name, 'system:serviceaccount:shop:verdict-detector');
  assert.deepEqual(caller.roles, ['service']);
  assert.ok(caller.expiresAtMs > Date.now() + 3_500_000);
  const producer = await verify(await cluster.token({ claims: accountClaims('verdict', 'producer') }));
  assert.deepEqual(producer.roles, ['ingest', 'viewer']);
});

test('a token for several audiences is good when we are one of them', async () => {
  const caller = await verify(await cluster.token({ claims: { aud: ['vault', 'verdict'] } }));
  assert.deepEqual(caller.roles, ['service']);
});

test('every way to make up a token of the cluster is refused', async () => {
  const good = await cluster.token();
  const [head = '', body = '', signature = ''] = good.split('.');
  const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as JWTPayload;
  const other = await generateKeyPair('RS256');
  const elliptic = await generateKeyPair('ES256');
  const hs = `${encode({ alg: 'HS256', kid: 'k1' })}.${body}`;
  const pem = await exportSPKI(cluster.publicKey);
  const hmac = createHmac('sha256', pem).update(hs).digest('base64url');
  const jwkHmac = createHmac('sha256', JSON.stringify(cluster.keys[0])).update(hs).digest('base64url');
  const admin = encode({ ...payload, sub: 'system:serviceaccount:verdict:producer' });
  const past = nowSeconds() - 7200;
  const account = (claims: object): JWTPayload => ({ 'kubernetes.io': claims }) as JWTPayload;
  const bad: Record<string, string> = {
    empty: '',
    'no token': 'hello',
    'two parts': `${head}.${body}`,
    'alg none': `${encode({ alg: 'none', kid: 'k1' })}.${body}.`,
    'alg none with a signature': `${encode({ alg: 'none', kid: 'k1' })}.${body}.${signature}`,
    'alg NONE': `${encode({ alg: 'NONE', kid: 'k1' })}.${body}.`,
    'HS256 with the public key (PEM)': `${hs}.${hmac}`,
    'HS256 with the public key (JWK)': `${hs}.${jwkHmac}`,
    'another key under a known id': await cluster.token({ key: other.privateKey }),
    'an unknown key id': await cluster.token({ key: other.privateKey, header: { kid: 'k9' } }),
    'a known key under an unknown id': await cluster.token({ header: { kid: 'k9' } }),
    'its own key in the header': await cluster.token({
      key: other.privateKey,
      header: { jwk: await exportJWK(other.publicKey) },
    }),
    'the address of its own keys in the header': await cluster.token({
      key: other.privateKey,
      header: { jku: 'http://127.0.0.1:1/jwks' },
    }),
    'another algorithm': await cluster.token({ key: elliptic.privateKey, alg: 'ES256' }),
    'RSA with another padding': `${encode({ alg: 'PS256', kid: 'k1' })}.${body}.${signature}`,
    'a changed body': `${head}.${admin}.${signature}`,
    'a changed signature': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'no signature': `${head}.${body}.`,
    'a critical header that nobody knows': `${encode({ alg: 'RS256', kid: 'k1', crit: ['x'], x: 1 })}.${body}.${signature}`,
    expired: await cluster.token({ claims: { iat: past, nbf: past, exp: past + 3600 } }),
    'no expiry': await cluster.token({ claims: { exp: undefined } }),
    'not yet valid': await cluster.token({ claims: { nbf: nowSeconds() + 600 } }),
    'no time of issue': await cluster.token({ claims: { iat: undefined } }),
    'the audience of the API server': await cluster.token({
      claims: { aud: ['https://kubernetes.default.svc'] },
    }),
    'an audience that only begins like ours': await cluster.token({ claims: { aud: ['verdict2'] } }),
    'no audience': await cluster.token({ claims: { aud: undefined } }),
    'an empty list of audiences': await cluster.token({ claims: { aud: [] } }),
    'another issuer': await cluster.token({ claims: { iss: 'https://kubernetes.example' } }),
    'no issuer': await cluster.token({ claims: { iss: undefined } }),
    'our own issuer': await cluster.token({ claims: { iss: 'verdict', roles: ['admin'] } }),
    'no subject': await cluster.token({ claims: { sub: undefined } }),
    'a subject that is no service account': await cluster.token({ claims: { sub: 'system:admin' } }),
    'a subject of another namespace than its claims': await cluster.token({
      claims: { sub: 'system:serviceaccount:verdict:verdict-detector' },
    }),
    'no claims of an account': await cluster.token({ claims: account({ namespace: 'shop' }) }),
    'an account without a name': await cluster.token({
      claims: account({ namespace: 'shop', serviceaccount: { name: '' } }),
    }),
    'a name with a colon that shifts the namespace': await cluster.token({
      claims: {
        sub: 'system:serviceaccount:shop:verdict-detector',
        ...account({ namespace: 'shop:verdict-detector', serviceaccount: { name: '' } }),
      },
    }),
  };
  assert.ok(Object.keys(bad).length >= 20);
  for (const [name, token] of Object.entries(bad)) await assert.rejects(verify(token), TokenRefused, name);
});

test('an account that nobody gave a role is told so, whatever its token claims', async () => {
  for (const [namespace, name] of [
    ['shop', 'default'],
    ['default', 'verdict-detector'],
    ['shop2', 'verdict-detector'],
  ] as const) {
    const token = await cluster.token({ claims: { ...accountClaims(namespace, name), roles: ['admin'] } });
    await assert.rejects(verify(token), (error: unknown) => {
      assert.ok(error instanceof HttpProblem);
      assert.equal(error.status, 403);
      assert.match(error.message, new RegExp(`${namespace}/${name} has no role here`));
      return true;
    });
  }
});

test('keys that cannot be fetched say nothing about a token', async () => {
  const token = await cluster.token();
  cluster.status = 500;
  try {
    await assert.rejects(verifierFor(cluster)(token), KeysUnavailable);
  } finally {
    cluster.status = 200;
  }
});

test('over HTTP both kinds of tokens are good, each checked by its own keys', async () => {
  const ours = await generateKeyPair('ES256', { extractable: true });
  const own = tokenVerifier({
    keySet: { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'o1', alg: 'ES256' }] },
  });
  const route = defineRoute({
    method: 'get',
    path: '/mine',
    summary: 'Who calls',
    roles: ['service'],
    response: z.object({ name: z.string() }),
    handler: async ({ caller }) => ({ name: caller?.name ?? '' }),
  });
  const app = createHttpApp({
    name: 'test',
    routes: [route],
    verifyToken: verifierByIssuer(own, new Map([[cluster.issuer, verify]])),
    ...silentEdge(),
  });
  const listening: Listening = await listen(createServer(app), { host: '127.0.0.1', port: 0 });
  const statusOf = async (token: string): Promise<[number, string]> => {
    const answer = await fetch(`${listening.url}/mine`, { headers: { authorization: `Bearer ${token}` } });
    const body = (await answer.json()) as { name?: string; detail?: string };
    return [answer.status, body.name ?? body.detail ?? ''];
  };
  const ownToken = (iss: string): Promise<string> =>
    new SignJWT({ sub: 'ann', roles: ['service'], iss, aud: 'verdict', ...recently() })
      .setProtectedHeader({ alg: 'ES256', kid: 'o1' })
      .sign(ours.privateKey);
  try {
    assert.deepEqual(await statusOf(await ownToken('verdict')), [200, 'ann']);
    assert.deepEqual(await statusOf(await cluster.token()), [
      200,
      'system:serviceaccount:shop:verdict-detector',
    ]);
    const unknown = await statusOf(await cluster.token({ claims: accountClaims('shop', 'default') }));
    assert.equal(unknown[0], 403);
    assert.match(unknown[1], /The service account shop\/default has no role here/);
    const producer = await statusOf(await cluster.token({ claims: accountClaims('verdict', 'producer') }));
    assert.equal(producer[0], 403);
    assert.equal((await statusOf(await ownToken(cluster.issuer)))[0], 401);
    const foreign = await cluster.token({ claims: { iss: 'verdict', roles: ['service'] } });
    assert.equal((await statusOf(foreign))[0], 401);
    assert.equal((await statusOf(await cluster.token({ claims: { aud: 'x' } })))[0], 401);
  } finally {
    await listening.close(100);
  }
});

function recently(): JWTPayload {
  return { iat: nowSeconds(), exp: nowSeconds() + 60 };
}
