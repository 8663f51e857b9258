import assert from 'node:assert/strict';
import { test } from 'node:test';
import { azureContainer } from './azure-container.ts';

test('a container in Azure is reached with an identity, by its URL alone', () => {
  const url = 'https://account.blob.core.windows.net/verdict';
  assert.deepEqual(azureContainer(url), { url });
  assert.deepEqual(azureContainer(`${url}/`), { url });
});

test('Azurite on this machine comes with its own key, and a connection string may name the container', () => {
  const found = azureContainer('http://127.0.0.1:10000/devstoreaccount1/models');
  assert.ok(found !== null && 'connectionString' in found);
  assert.equal(found.container, 'models');
  assert.match(found.connectionString, /;BlobEndpoint=http:\/\/127\.0\.0\.1:10000\/devstoreaccount1;/);
  const text = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://azurite:1/a';
  assert.deepEqual(azureContainer(`${text};ContainerName=models`), {
    connectionString: text,
    container: 'models',
  });
  assert.deepEqual(azureContainer(text), { connectionString: text, container: 'verdict' });
  assert.deepEqual(azureContainer('UseDevelopmentStorage=true'), {
    connectionString: 'UseDevelopmentStorage=true',
    container: 'verdict',
  });
});

test('what is nearly a container is refused with one sentence, and what is none is none', () => {
  for (const [text, why] of [
    ['https://account.blob.core.windows.net/', /give a container as https/],
    ['https://account.blob.core.windows.net/a/b', /give a container as https/],
    ['https://account.blob.core.windows.net/Upper', /give a container as https/],
    ['https://account.blob.core.windows.net/x--y', /give a container as https/],
    ['https://account.blob.core.windows.net/verdict?sig=secret', /keys do not belong into it/],
    ['https://user:word@account.blob.core.windows.net/verdict', /keys do not belong into it/],
    ['http://account.blob.core.windows.net/verdict', /http:\/\/ is for Azurite on this machine/],
    ['http://127.0.0.1:10000/verdict', /give Azurite as/],
    ['AccountName=a;AccountKey=a2V5;ContainerName=X', /ContainerName: 3 to 63/],
  ] as const)
    assert.throws(() => azureContainer(text), why, text);
  for (const text of ['file:///blobs', '/blobs', 'ftp://host/x', ''])
    assert.equal(azureContainer(text), null);
});
