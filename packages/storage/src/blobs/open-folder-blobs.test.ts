import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { BlobTooLarge } from '../ports/blob-store.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { openBlobs } from './open-blobs.ts';
import { openFolderBlobs } from './open-folder-blobs.ts';

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-blobs-'));
  folders.push(folder);
  return folder;
}

blobStoreContract('folder', async () => openFolderBlobs(await emptyFolder()));

test('a blob that is larger than the store takes is neither put nor got', async () => {
  const folder = await emptyFolder();
  const blobs = await openFolderBlobs(folder, 1000);
  await assert.rejects(blobs.put('a', Buffer.alloc(1001)), BlobTooLarge);
  await writeFile(join(folder, 'b'), Buffer.alloc(1001));
  await assert.rejects(blobs.get('b'), BlobTooLarge);
  await blobs.put('c', Buffer.alloc(1000));
  assert.equal((await blobs.get('c'))?.length, 1000);
});

test('a blob that a killed writer left half-written is not seen', async () => {
  const folder = await emptyFolder();
  const blobs = await openFolderBlobs(folder);
  await writeFile(join(folder, '.0123456789abcdef.tmp'), 'half');
  assert.deepEqual(await blobs.list(''), []);
});

test('what killed writers left is removed when the folder is opened, what is being written is not', async () => {
  const folder = await emptyFolder();
  await (await openFolderBlobs(folder)).put('state/a', Buffer.from('one'));
  const [old, fresh] = ['.0123456789abcdef.tmp', '.fedcba9876543210.tmp'];
  for (const name of [old, fresh]) await writeFile(join(folder, 'state', name), 'half');
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(join(folder, 'state', old), longAgo, longAgo);
  await utimes(join(folder, 'state', 'a'), longAgo, longAgo);
  await openFolderBlobs(folder);
  assert.deepEqual((await readdir(join(folder, 'state'))).sort(), [fresh, 'a']);
});

test('nothing temporary stays, neither after a success nor after a refusal', async () => {
  const folder = await emptyFolder();
  const blobs = await openFolderBlobs(folder);
  await blobs.put('a', Buffer.from('one'));
  await assert.rejects(blobs.put('a', Buffer.from('two')));
  assert.deepEqual(await readdir(folder), ['a']);
});

test('a file URL opens a folder, and anything else is refused with one sentence', async () => {
  const folder = await emptyFolder();
  const blobs = await openBlobs(pathToFileURL(join(folder, 'made here')).href);
  await blobs.put('a', Buffer.from('one'));
  assert.deepEqual(await readdir(join(folder, 'made here')), ['a']);
  await assert.rejects(openBlobs('ftp://host/x'), /ftp:\/\/ is not known; give a folder as file:/);
  await assert.rejects(openBlobs('http://host/x'), /cannot open the blob store: http:\/\/ is for Azurite/);
  await assert.rejects(openBlobs('/some/path'), /not a URL/);
});
