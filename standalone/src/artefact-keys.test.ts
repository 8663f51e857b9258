import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { trustedKeysFile } from '@verdict/storage/signatures';
import { keepArtefactKeys } from './artefact-keys.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-artefact-keys-'));
});
after(() => rm(root, { recursive: true }));

test('the key that signs versions is made once, and one that replaces it leaves the old one believed', async () => {
  const first = await keepArtefactKeys(root);
  const key = await readFile(first.artefactKeyFile, 'utf8');
  assert.equal((await stat(first.artefactKeyFile)).mode & 0o777, 0o600);
  const kids = async () => (await (await trustedKeysFile(first.artefactJwksFile))()).map(({ kid }) => kid);
  const [old, ...none] = await kids();
  assert.deepEqual(none, []);

  assert.deepEqual(await keepArtefactKeys(root), first);
  assert.equal(await readFile(first.artefactKeyFile, 'utf8'), key);
  assert.deepEqual(await kids(), [old]);

  await rm(first.artefactKeyFile);
  await keepArtefactKeys(root);
  const [next, kept, ...others] = await kids();
  assert.notEqual(next, old);
  assert.deepEqual([kept, ...others], [old]);
});
