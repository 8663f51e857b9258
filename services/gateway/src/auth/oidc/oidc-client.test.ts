import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { listen } from '@verdict/process';
import { oidcClient } from './oidc-client.ts';

/** A provider that gives nobody a token, and remembers how it was asked for one. */
async function refusingProvider() {
  const asked: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      const issuer = `http://${request.headers.host}`;
      response.end(
        JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
        }),
      );
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    await once(request, 'end');
    asked.push(new URLSearchParams(body));
    response.statusCode = 401;
    response.end('{"error":"invalid_client"}');
  });
  const listening = await listen(server, { host: '127.0.0.1', port: 0 });
  return { asked, issuer: listening.url, close: () => listening.close(100) };
}

test('the client proves to be its registration with what its identity gives, afresh for each log-in', async () => {
  const provider = await refusingProvider();
  let given = 0;
  const client = oidcClient({
    issuer: provider.issuer,
    clientId: 'dashboard',
    redirectUri: 'http://127.0.0.1:9/auth/oidc/callback',
    scopes: 'openid',
    assertion: async () => `token ${++given} of the identity`,
    monotonicMs: () => performance.now(),
  });
  try {
    for (let turn = 1; turn <= 2; turn++) {
      const { pending } = await client.begin();
      await assert.rejects(client.finish({ code: 'abc', state: pending.state }, pending), {
        name: 'ResponseBodyError',
      });
      const body = provider.asked.at(-1);
      assert.equal(body?.get('client_id'), 'dashboard');
      assert.equal(body?.get('client_assertion'), `token ${turn} of the identity`);
      assert.equal(
        body?.get('client_assertion_type'),
        'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      );
      assert.equal(body?.get('client_secret'), null);
      assert.equal(body?.get('code_verifier'), pending.codeVerifier);
    }
  } finally {
    await provider.close();
  }
});
