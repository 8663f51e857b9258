import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLogger, type Listening, parseConfig, systemClock } from '@verdict/process';
import { azureIdentity } from '@verdict/storage';
import { decodeJwt } from 'jose';
import { GatewayConfig } from '../../config.ts';
import { type Answer, caller, eventually, type Platform, startPlatform } from '../../gateway.fixture.ts';
import {
  dashboardClient,
  producerClient,
  startIdentityProvider,
  testAudience,
} from './identity-provider.fixture.ts';
import { openOidc } from './open-oidc.ts';

let platform: Platform;
let provider: Listening;
let url: string;
/** Where browsers would be sent back to; the test carries them to the gateway's real port. */
const publicUrl = 'http://127.0.0.1:9';

const rules = [
  { claim: 'roles', value: 'Verdict.Admin', roles: ['admin'] },
  { claim: 'roles', value: 'Verdict.Producer', roles: ['ingest'] },
];

before(async () => {
  platform = await startPlatform();
  const redirectUris = [`${publicUrl}/auth/oidc/callback`];
  provider = await startIdentityProvider({ redirectUris });
  const secretFile = join(platform.folder, 'client-secret');
  await writeFile(secretFile, `${dashboardClient.secret}\n`);
  const config = parseConfig(GatewayConfig, {
    VERDICT_DATABASE_URL: platform.server.url,
    VERDICT_EVENT_HUBS_CONNECTION_STRING: platform.emulator.connectionString,
    VERDICT_SIGNING_KEY_FILE: 'unused',
    VERDICT_OIDC_ISSUER: provider.url,
    VERDICT_OIDC_AUDIENCE: testAudience,
    VERDICT_OIDC_ROLES: JSON.stringify(rules),
    VERDICT_OIDC_CLIENT_ID: dashboardClient.id,
    VERDICT_OIDC_CLIENT_SECRET_FILE: secretFile,
    VERDICT_PUBLIC_URL: publicUrl,
  });
  const oidc = openOidc(
    config,
    {
      clock: systemClock,
      logger: createLogger({ name: 'oidc', level: 'silent' }),
    },
    azureIdentity(),
  );
  ({ url } = await platform.startGateway({}, { otherIssuers: oidc.issuers, oidcWay: oidc.way }));
});
after(async () => {
  await provider?.close(100);
  await platform.stop();
});

async function tokenOfApp(): Promise<string> {
  const response = await fetch(`${provider.url}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: producerClient.id,
      client_secret: producerClient.secret,
      resource: testAudience,
      scope: 'verdict',
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** A connection that was kept open may have been closed by the other side: then once more, on a new one. */
function patiently(address: string, request: RequestInit): Promise<Response> {
  return fetch(address, request).catch(() => fetch(address, request));
}

/** A browser of few talents: it keeps cookies per host and follows one redirect at a time. */
function browser() {
  const jars = new Map<string, Map<string, string>>();
  return async (
    address: string,
    form?: Record<string, string>,
  ): Promise<{ to: string | null; text: string; status: number }> => {
    const jar = jars.get(new URL(address).host) ?? new Map<string, string>();
    jars.set(new URL(address).host, jar);
    const response = await patiently(address, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', ...rest] = (line.split(';')[0] ?? '').split('=');
      jar.set(name, rest.join('='));
    }
    const location = response.headers.get('location');
    return {
      to: location === null ? null : new URL(location, address).href,
      text: await response.text(),
      status: response.status,
    };
  };
}

/** Goes through the provider's pages as a person; gives where they are sent at the end, and the browser. */
async function logIn(person: string, next = '/ui/models') {
  const visit = browser();
  const start = `${url}/auth/oidc/log-in?next=${encodeURIComponent(next)}`;
  let at: string | null = await eventually(async () => (await visit(start)).to);
  const asked = new URL(at);
  for (let step = 0; step < 12 && at !== null && !at.startsWith(publicUrl); step++) {
    const page = await visit(at);
    if (page.to !== null) {
      at = page.to;
      continue;
    }
    const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? '';
    at = (await visit(new URL(action, at).href, { prompt, login: person, password: 'any' })).to;
  }
  const back = (at ?? '').replace(publicUrl, url);
  const last = await visit(back);
  return { asked, back, visit, to: last.to?.replace(url, '') ?? null };
}

test('a person of the provider logs in by code and PKCE, and gets a session with mapped roles', async () => {
  const { asked, visit, to } = await logIn('olga@example.org');
  assert.deepEqual(
    ['code_challenge_method', 'response_type'].map((name) => asked.searchParams.get(name)),
    ['S256', 'code'],
  );
  for (const name of ['code_challenge', 'state', 'nonce'])
    assert.ok((asked.searchParams.get(name) ?? '').length > 20);
  assert.equal(to, '/ui/models');
  // The page that they come to renews with its cookie.
  const page = await visit(`${url}/auth/ways`);
  assert.deepEqual(JSON.parse(page.text), { password: true, provider: { label: 'Microsoft' } });
  const sessions = await platform.database.query<{ username: string; roles: string[] }>(
    `SELECT DISTINCT username, roles FROM session WHERE username LIKE 'oidc:%'`,
  );
  assert.deepEqual(sessions, [{ username: 'oidc:olga@example.org', roles: ['admin'] }]);
});

test('a person without a mapped role is told so, and gets no session', async () => {
  assert.equal((await logIn('otto@example.org')).to, '/ui/sign-in?problem=no-role&next=%2Fui%2Fmodels');
  const rows = await platform.database.query(`SELECT 1 FROM session WHERE username LIKE '%otto%'`);
  assert.equal(rows.length, 0);
});

test('an answer of the provider works once, with the browser that asked, and with its own state', async () => {
  const { back, visit } = await logIn('olga@example.org');
  assert.match((await visit(back)).to ?? '', /problem=expired/);
  assert.match((await browser()(back)).to ?? '', /problem=expired/);
  const other = browser();
  await other(`${url}/auth/oidc/log-in`);
  assert.match((await other(back)).to ?? '', /problem=refused/);
  const third = browser();
  await third(`${url}/auth/oidc/log-in`);
  assert.match((await third(`${url}/auth/oidc/callback?error=access_denied`)).to ?? '', /problem=refused/);
});

test('nobody is sent to another site after the log-in', async () => {
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/auth/log-out',
    'javascript:alert(1)',
  ])
    assert.equal(await eventually(async () => (await logIn('olga@example.org', next)).to), '/ui/inbox', next);
});

const withToken = (token: string, method = 'GET', path = '/anomalies', body?: unknown): Promise<Answer> =>
  caller(url, token)(method, path, body);

test("the provider's access tokens are taken at the API, with the roles of their claims", async () => {
  const token = await tokenOfApp();
  assert.equal(decodeJwt(token).aud, testAudience);
  const readings = [{ series: 'app/one', time: Date.now(), values: { cpu: 1 } }];
  await eventually(async () => (await withToken(token, 'POST', '/data', { readings })).status === 202);
  assert.equal((await withToken(token, 'GET', '/keys')).status, 403);
  const [head, body, signature = ''] = token.split('.');
  const forged = { ...decodeJwt(token), roles: ['Verdict.Admin'] };
  const changed = Buffer.from(JSON.stringify(forged)).toString('base64url');
  assert.equal((await withToken(`${head}.${changed}.${signature}`)).status, 401);
  assert.equal((await withToken(`${head}.${body}.`)).status, 401);
});

test('new keys of the provider are found without a restart, and tokens of keys that are gone are refused', async () => {
  const old = await tokenOfApp();
  assert.notEqual((await withToken(old)).status, 401);
  const port = Number(new URL(provider.url).port);
  await provider.close(100);
  // Known keys serve while nobody can be asked.
  assert.notEqual((await withToken(old)).status, 401);
  provider = await startIdentityProvider({ port, redirectUris: [`${publicUrl}/auth/oidc/callback`] });
  const fresh = await tokenOfApp();
  await eventually(async () => (await withToken(fresh)).status !== 401);
  await eventually(async () => (await withToken(old)).status === 401);
});
