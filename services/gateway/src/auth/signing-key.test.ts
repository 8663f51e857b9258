import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { StartError, systemClock, tokenVerifier } from '@verdict/process';
import { loadSigningKey } from './signing-key.ts';
import { createTokenIssuer, tokenLifetimeSeconds } from './token-issuer.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verdict-key-'));
});
after(() => rm(folder, { recursive: true }));

test('gateways that start together agree on one key, which only its owner can read', async () => {
  const file = join(folder, 'key.json');
  const keys = await Promise.all([loadSigningKey(file), loadSigningKey(file), loadSigningKey(file)]);
  assert.equal(new Set(keys.map((key) => key.kid)).size, 1);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['key.json']);
  assert.equal(JSON.stringify(keys[0]?.keySet).includes('"d"'), false);
});

test('what is issued with the key is verified with its public half', async () => {
  const key = await loadSigningKey(join(folder, 'key.json'));
  const token = await createTokenIssuer(key, systemClock).issue('ann', ['analyst']);
  const caller = await tokenVerifier({ keySet: key.keySet })(token);
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
    await assert.rejects(loadSigningKey(file), StartError, text);
  }
});
