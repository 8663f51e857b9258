import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLogger } from '@verdict/process';
import { caller, newUser, type Platform, startPlatform } from '../gateway.fixture.ts';

let platform: Platform;
before(async () => {
  platform = await startPlatform();
});
after(() => platform.stop());

test('at the most talkative level, no password, token, key or cookie stands in the log', async () => {
  const file = join(platform.folder, 'gateway.log');
  const logger = createLogger({ name: 'gateway', level: 'trace', file });
  const { url } = await platform.startGateway({}, { logger });
  const secrets: string[] = [];
  const keep = (...found: (string | undefined)[]): void => {
    for (const one of found) if (one !== undefined && one.length > 8) secrets.push(one);
  };
  const call = caller(url);
  const user = await newUser(platform.stores, 'admin');
  const wrong = 'a-wrong-password-of-somebody';
  keep(user.password, wrong);
  await call('POST', '/auth/token', { ...user, password: wrong });
  const { body } = await call('POST', '/auth/token', { ...user, session: 'token' });
  keep(body.access_token, body.refresh_token);
  const browser = await call('POST', '/auth/token', { ...user, session: 'cookie' }, { origin: url });
  const cookie = browser.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  keep(cookie.split('=')[1], browser.body.access_token);
  keep((await call('POST', '/auth/refresh', {}, { origin: url, cookie })).body.access_token);

  const admin = caller(url, body.access_token);
  const { key, view } = (await admin('POST', '/keys', { name: 'agents' })).body;
  const rotated = (await admin('POST', `/keys/${view.id}/rotations`, {})).body.key;
  keep(key, rotated);
  await call('POST', '/data', { readings: [] }, { 'x-api-key': key });
  await caller(url, `${key}x`)('POST', '/data', { readings: [] });
  await admin('DELETE', `/keys/${view.id}`);

  // A stolen token is worth a line, and that line must not be worth stealing.
  const next = (await call('POST', '/auth/refresh', { refresh_token: body.refresh_token })).body;
  keep(next.refresh_token, next.access_token);
  await platform.database.query(`UPDATE session SET rotated_at = now() - interval '1 min'`);
  await call('POST', '/auth/refresh', { refresh_token: body.refresh_token });
  await caller(url, `${next.access_token}x`)('GET', '/anomalies');

  const log = await readFile(file, 'utf8');
  assert.match(log, /a used refresh token came back/);
  assert.match(log, /an API key was made/);
  for (const secret of secrets) {
    assert.equal(log.includes(secret), false, `${secret.slice(0, 6)}…`);
    // The parts of a token are secrets too.
    const tail = secret.split('.').at(-1) ?? secret;
    assert.equal(log.includes(tail.slice(-24)), false, `…${tail.slice(-6)}`);
  }
  assert.ok(secrets.length >= 11, String(secrets.length));
});
