import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { caller, newUser, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
let url: string;
let call: ReturnType<typeof caller>;

before(async () => {
  platform = await startPlatform();
  ({ url } = await platform.startGateway());
  call = caller(url);
});
after(() => platform.stop());

/** What a browser's cookie jar would hold after an answer. */
function jarOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
}

async function logInWithCookie() {
  const user = await newUser(platform.stores, 'viewer');
  const answer = await call('POST', '/auth/token', { ...user, session: 'cookie' }, { origin: url });
  assert.equal(answer.status, 200);
  return { user, answer, cookie: jarOf(answer.headers) };
}

test('the cookie of a log-in is out of reach of scripts and other sites, and goes to /auth alone', async () => {
  const { user, answer } = await logInWithCookie();
  const [token = '', person = ''] = answer.headers.getSetCookie();
  assert.match(
    token,
    /^verdict_session=vr_[\w-]{22}\.[\w-]{43}; Path=\/auth; HttpOnly; SameSite=Strict; Max-Age=86400$/,
  );
  assert.equal(person, `verdict_person=${user.username}; Path=/; SameSite=Strict; Max-Age=86400`);
  assert.equal(answer.body.refresh_token, undefined);
  const secure = { origin: url.replace('http:', 'https:') };
  const overTls = await call('POST', '/auth/token', { ...user, session: 'cookie' }, secure);
  for (const line of overTls.headers.getSetCookie()) assert.match(line, /; Secure$/);
});

test('a page of ours renews with the cookie and gets the next one', async () => {
  const { cookie } = await logInWithCookie();
  const renewed = await call('POST', '/auth/refresh', {}, { origin: url, cookie });
  assert.equal(renewed.status, 200);
  assert.equal(renewed.body.refresh_token, undefined);
  assert.notEqual(jarOf(renewed.headers), cookie);
  const again = await call('POST', '/auth/refresh', {}, { origin: url, cookie: jarOf(renewed.headers) });
  assert.equal(again.status, 200);
});

test('other pages cannot make a browser use the cookie, those of another port of this machine included', async () => {
  const { user, cookie } = await logInWithCookie();
  const foreign: Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'http://localhost:3000' },
    { origin: 'https://evil.example' },
    { origin: url, 'sec-fetch-site': 'same-site' },
    { origin: url, 'sec-fetch-site': 'cross-site' },
    { origin: url, 'sec-fetch-site': 'none' },
  ];
  for (const headers of foreign) {
    const where = JSON.stringify(headers);
    assert.equal((await call('POST', '/auth/refresh', {}, { ...headers, cookie })).status, 403, where);
    assert.equal((await call('POST', '/auth/log-out', {}, { ...headers, cookie })).status, 403, where);
    const logIn = { ...user, session: 'cookie' };
    assert.equal((await call('POST', '/auth/token', logIn, headers)).status, 403, where);
  }
  const form = { origin: url, cookie, 'content-type': 'text/plain' };
  assert.equal((await call('POST', '/auth/refresh', '{}', form)).status, 415);
  assert.equal((await call('POST', '/auth/refresh', {}, { origin: url, cookie })).status, 200);
});

test('the cookie alone opens no other door', async () => {
  const { cookie } = await logInWithCookie();
  assert.equal((await call('GET', '/anomalies', undefined, { cookie })).status, 401);
});

test('log-out takes the cookies back, and so does a renewal that is refused', async () => {
  const { cookie } = await logInWithCookie();
  const out = await call('POST', '/auth/log-out', {}, { origin: url, cookie });
  assert.deepEqual(out.body, { ended: 1 });
  assert.equal(jarOf(out.headers), 'verdict_session=; verdict_person=');
  const late = await call('POST', '/auth/refresh', {}, { origin: url, cookie });
  assert.equal(late.status, 401);
  assert.equal(jarOf(late.headers), 'verdict_session=; verdict_person=');
  assert.equal((await call('POST', '/auth/log-out', {}, { origin: url })).status, 200);
});
