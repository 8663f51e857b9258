import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type KubeApi, kubeApiMissing, startKubeApi } from '@verdict/operator/testing';
import { HttpProblem, KeysUnavailable, TokenRefused, type VerifyToken } from '@verdict/process';
import { decodeJwt } from 'jose';
import { clusterKeys } from './cluster-keys.ts';
import { clusterTokenVerifier } from './cluster-token-verifier.ts';

/** As the API server of these tests names itself. */
const issuer = 'https://kubernetes.default.svc';

describe('tokens of a real API server', { skip: kubeApiMissing }, () => {
  let api: KubeApi;
  let caFile: string;
  let tokenFile: string;

  before(async () => {
    api = await startKubeApi();
    caFile = JSON.parse(readFileSync(api.kubeconfig, 'utf8')).clusters[0].cluster['certificate-authority'];
    tokenFile = path.join(api.folder, 'gateway-token');
    await writeFile(tokenFile, `${api.token}\n`);
    await post('/api/v1/namespaces', { metadata: { name: 'shop' } });
    for (const name of ['verdict-detector', 'default'])
      await post('/api/v1/namespaces/shop/serviceaccounts', { metadata: { name } });
  });
  after(() => api?.close());

  /** Creates something with the administrator's rights. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  function post(at: string, body: object): Promise<any> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' };
      const options = { method: 'POST', ca: readFileSync(caFile), agent: false, timeout: 30_000, headers };
      const sent = request(api.url + at, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          if ((response.statusCode ?? 0) < 300) resolve(JSON.parse(text));
          else reject(new Error(`${at} ${response.statusCode}: ${text}`));
        });
      });
      sent.on('error', reject).on('timeout', () => sent.destroy(new Error(`no answer to ${at}`)));
      sent.end(JSON.stringify(body));
    });
  }

  /** A token as the kubelet asks for it when it projects one. */
  async function token(account: string, audiences: string[]): Promise<string> {
    const spec = { audiences, expirationSeconds: 600 };
    const at = `/api/v1/namespaces/shop/serviceaccounts/${account}/token`;
    const answer = await post(at, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec });
    return answer.status.token;
  }

  function verifier(how: { caFile?: string; issuer?: string } = {}): VerifyToken {
    const jwksUrl = `${api.url}/openid/v1/jwks`;
    return clusterTokenVerifier({
      issuer: how.issuer ?? issuer,
      audience: 'verdict',
      keys: clusterKeys({
        issuer,
        jwksUrl,
        tokenFile,
        monotonicMs: () => performance.now(),
        caFile,
        ...how,
      }),
      accounts: [{ namespace: 'shop', serviceAccount: 'verdict-detector', roles: ['service'] }],
    });
  }

  test('a projected token of a known account is believed, with its roles', async () => {
    const given = await token('verdict-detector', ['verdict']);
    assert.equal(decodeJwt(given).iss, issuer);
    const caller = await verifier()(given);
    assert.equal(caller.name, 'system:serviceaccount:shop:verdict-detector');
    assert.deepEqual(caller.roles, ['service']);
  });

  test('another account, audience or issuer is not', async () => {
    const verify = verifier();
    await assert.rejects(
      verify(await token('default', ['verdict'])),
      (error: unknown) => error instanceof HttpProblem && error.status === 403,
    );
    await assert.rejects(verify(await token('verdict-detector', [issuer])), TokenRefused);
    const given = await token('verdict-detector', ['verdict']);
    await assert.rejects(verifier({ issuer: 'https://elsewhere.example' })(given), TokenRefused);
    const [head, body, signature = ''] = given.split('.');
    await assert.rejects(verify(`${head}.${body}.${[...signature].reverse().join('')}`), TokenRefused);
  });

  test('a server with a certificate of somebody else is not believed', async () => {
    const given = await token('verdict-detector', ['verdict']);
    const wrong = path.join(api.folder, 'wrong-ca.pem');
    await writeFile(wrong, '');
    await assert.rejects(verifier({ caFile: wrong })(given), KeysUnavailable);
  });

  test('known keys serve while the API server is away, but nobody gets in who came too late for them', async () => {
    const given = await token('verdict-detector', ['verdict']);
    const verify = verifier();
    await verify(given);
    await api.stop('kill');
    assert.deepEqual((await verify(given)).roles, ['service']);
    await assert.rejects(verifier()(given), KeysUnavailable);
    await api.start();
    assert.deepEqual((await verifier()(given)).roles, ['service']);
  });
});
