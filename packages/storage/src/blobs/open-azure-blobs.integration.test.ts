import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ContainerClient } from '@azure/storage-blob';
import { BlobStoreUnavailable } from '../ports/blob-store.ts';
import { azureContainer } from './azure-container.ts';
import { azuriteMissing, startAzurite } from './azurite.fixture.ts';
import { blobStoreContract } from './blob-store.contract.ts';
import { openAzureBlobs } from './open-azure-blobs.ts';
import { openBlobs } from './open-blobs.ts';

let azurite: Awaited<ReturnType<typeof startAzurite>> | undefined;
let containers = 0;

before(async () => {
  if (azuriteMissing === false) azurite = await startAzurite();
});
after(() => azurite?.stop());

const container = () => `${azurite?.account}/test-${++containers}`;

if (azuriteMissing === false) blobStoreContract('Azure, on Azurite', () => openBlobs(container()));
else test("the blob store's contract on Azure", { skip: azuriteMissing });

test('Azure: who opens a container later finds what is in it', { skip: azuriteMissing }, async () => {
  const url = container();
  const bytes = Buffer.alloc(3 * 1024 * 1024, 'net');
  await (await openBlobs(url)).put('models/a', bytes);
  const again = await openBlobs(url);
  assert.deepEqual(Buffer.from((await again.get('models/a')) ?? []), bytes);
  assert.deepEqual(await again.list(''), ['models/a']);
});

test('Azure: a part of a larger buffer is put, and nothing beside it', { skip: azuriteMissing }, async () => {
  const blobs = await openBlobs(container());
  const large = new TextEncoder().encode('before-it-after');
  await blobs.put('part', large.subarray(7, 9));
  assert.equal(Buffer.from((await blobs.get('part')) ?? []).toString(), 'it');
});

test('Azure: a listing goes on over pages', { skip: azuriteMissing }, async () => {
  const where = azureContainer(container());
  assert.ok(where !== null);
  const blobs = await openAzureBlobs(where, { getToken: async () => null }, { pageNames: 7 });
  const names = Array.from({ length: 30 }, (_, i) => `state/${String(i).padStart(4, '0')}`);
  for (const name of names) await blobs.put(name, Buffer.from(name));
  assert.deepEqual(await blobs.list('state/'), names);
});

test('Azure: a container that is not there is told, and taken for no empty one', {
  skip: azuriteMissing,
}, async () => {
  const url = container();
  const blobs = await openBlobs(url);
  const where = azureContainer(url);
  assert.ok(where !== null && 'connectionString' in where);
  await new ContainerClient(where.connectionString, where.container).delete();
  const told = (error: unknown) => {
    assert.ok(error instanceof BlobStoreUnavailable, String(error));
    assert.match(error.message, /ContainerNotFound/);
    return true;
  };
  await assert.rejects(blobs.get('a'), told);
  await assert.rejects(blobs.list(''), told);
  await assert.rejects(blobs.put('a', Buffer.from('x')), told);
});
