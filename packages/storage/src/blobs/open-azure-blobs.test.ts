import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { BlobStoreUnavailable, BlobTooLarge } from '../ports/blob-store.ts';
import { azureContainer } from './azure-container.ts';
import { openAzureBlobs } from './open-azure-blobs.ts';

const credential = { getToken: async () => null };
const quick = { withinMs: 1_500, attemptMs: 200, attempts: 3, mostBytes: 1_000 };

/** Runs `work` on a store whose server makes the container and then answers as told. */
async function onServer(
  answer: RequestListener,
  work: (blobs: Awaited<ReturnType<typeof openAzureBlobs>>) => Promise<void>,
): Promise<void> {
  const server = createServer((request, response) => {
    if (request.url?.includes('restype=container') && request.method === 'PUT') response.writeHead(201).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const where = azureContainer(`http://127.0.0.1:${port}/devstoreaccount1/test`);
    assert.ok(where !== null);
    await work(await openAzureBlobs(where, credential, quick));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const unavailable = (why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof BlobStoreUnavailable, String(error));
  assert.match(error.message, why);
  assert.doesNotMatch(error.message, /Eby8vdM0|\n/);
  return true;
};

test('a store that is overloaded is asked again, three times in all', async () => {
  let asked = 0;
  const busy: RequestListener = (request, response) => {
    asked++;
    request.resume();
    response.writeHead(503, { 'x-ms-error-code': 'ServerBusy' }).end();
  };
  await onServer(busy, async (blobs) => {
    await assert.rejects(blobs.get('a'), unavailable(/cannot get a: .*ServerBusy|cannot get a: .*503/));
    assert.equal(asked, 3);
    await assert.rejects(blobs.put('a', Buffer.from('x')), unavailable(/cannot put a: /));
    assert.equal(asked, 6);
  });
});

test('a store that never answers is given up in time', async () => {
  const silent: RequestListener = () => undefined;
  await onServer(silent, async (blobs) => {
    const sinceMs = performance.now();
    await assert.rejects(blobs.put('a', Buffer.from('x')), unavailable(/cannot put a: /));
    await assert.rejects(blobs.list(''), unavailable(/cannot list /));
    // Twice 1.5 s at most, and what a busy machine adds to it.
    assert.ok(performance.now() - sinceMs < 10_000);
  });
});

test('a refusal is told at once, with the code of the service', async () => {
  let asked = 0;
  const refuse: RequestListener = (_, response) => {
    asked++;
    response.writeHead(403, { 'x-ms-error-code': 'AuthorizationPermissionMismatch' }).end();
  };
  await onServer(refuse, async (blobs) => {
    await assert.rejects(blobs.delete('a'), unavailable(/AuthorizationPermissionMismatch/));
    assert.equal(asked, 1);
  });
});

test('a blob that is too large is neither put nor read into memory', async () => {
  let asked = 0;
  const large: RequestListener = (_, response) => {
    asked++;
    response.writeHead(200, { 'content-length': '1001', etag: '"1"' }).end(Buffer.alloc(1001));
  };
  await onServer(large, async (blobs) => {
    await assert.rejects(blobs.put('a', Buffer.alloc(1001)), BlobTooLarge);
    assert.equal(asked, 0);
    await assert.rejects(blobs.get('a'), BlobTooLarge);
  });
});

test('a blob whose put was answered into the void counts as put, if its bytes are ours', async () => {
  const kept: Buffer[] = [];
  let puts = 0;
  const forgetful: RequestListener = (request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-length': '3', etag: '"1"' }).end(kept[0]);
      return;
    }
    assert.equal(request.headers['if-none-match'], '*');
    if (++puts > 1) {
      request.resume();
      response.writeHead(409, { 'x-ms-error-code': 'BlobAlreadyExists' }).end();
      return;
    }
    request.on('data', (chunk: Buffer) => kept.push(chunk));
    request.on('end', () => request.socket.destroy());
  };
  await onServer(forgetful, async (blobs) => {
    await blobs.put('a', Buffer.from('net'));
    assert.deepEqual([puts, Buffer.concat(kept).toString()], [2, 'net']);
  });
});
