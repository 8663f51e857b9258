import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { loadSecrets } from './secrets.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-secrets-'));
});
after(() => rm(root, { recursive: true }));
const freshFolder = () => mkdtemp(path.join(root, 'secrets-'));

/** Users as the gateway reads them. */
async function users(file: string): Promise<{ username: string; password: string; roles: string[] }[]> {
  return JSON.parse(await readFile(file, 'utf8'));
}

test('secrets are made once and stay the same over starts', async () => {
  const folder = await freshFolder();
  const first = await loadSecrets(folder, undefined);
  assert.equal(first.admin.known, false);
  assert.match(first.admin.password, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  assert.equal(Buffer.from(first.hubsKey, 'base64').length, 32);
  const second = await loadSecrets(folder, undefined);
  // The first start may have failed before it showed the password.
  assert.deepEqual(second.admin, { password: first.admin.password, known: false });
  await second.adminShown();
  assert.equal(second.databasePassword, first.databasePassword);
  assert.equal(second.hubsKey, first.hubsKey);
  assert.notEqual(
    (await loadSecrets(await freshFolder(), undefined)).databasePassword,
    first.databasePassword,
  );
});

test('nobody else may read a secret, not even in a folder that was copied without its modes', async () => {
  const folder = await freshFolder();
  await loadSecrets(folder, undefined);
  await chmod(path.join(folder, 'hubs-key'), 0o644);
  await chmod(path.join(folder, 'users.json'), 0o644);
  await loadSecrets(folder, undefined);
  const names = await readdir(folder);
  assert.ok(names.length >= 8, names.join());
  for (const name of names) assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600, name);
});

test('every process has a user of its own with the password of its file', async () => {
  const folder = await freshFolder();
  const secrets = await loadSecrets(folder, undefined);
  const all = await users(secrets.usersFile);
  assert.deepEqual(
    all.map(({ username, roles }) => [username, roles]),
    [
      ['admin', ['admin']],
      ['detector', ['service']],
      ['retrainer', ['service']],
      ['conductor', ['service']],
      ['producer', ['ingest', 'viewer']],
    ],
  );
  for (const { username, password } of all.slice(1))
    assert.equal(await readFile(secrets.passwordFile(username as 'detector'), 'utf8'), password);
  assert.equal(new Set(all.map(({ password }) => password)).size, all.length);
});

test("the admin's password from outside counts, and goes on to count when a later start brings none", async () => {
  const folder = await freshFolder();
  await loadSecrets(folder, undefined);
  const given = await loadSecrets(folder, 'correct horse ');
  assert.deepEqual(given.admin, { password: 'correct horse ', known: true });
  const later = await loadSecrets(folder, undefined);
  assert.deepEqual(later.admin, { password: 'correct horse ', known: true });
  assert.equal((await users(later.usersFile))[0]?.password, 'correct horse ');
});

test('a secret that a power cut left empty is made anew', async () => {
  const folder = await freshFolder();
  await writeFile(path.join(folder, 'detector-password'), '');
  const secrets = await loadSecrets(folder, undefined);
  assert.match(await readFile(secrets.passwordFile('detector'), 'utf8'), /^[\w-]{32}$/);
});
