import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createPlatformClient } from './platform-client.ts';
import { PlatformUnavailable } from './platform-error.ts';
import { tokenFile } from './token-file.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-token-'));
});
after(() => rm(folder, { recursive: true }));

/** A client whose requests are only noted. */
function noting(file: string) {
  const sent: (string | null)[] = [];
  const client = createPlatformClient({
    url: 'http://gateway.test',
    credentials: tokenFile(file),
    retry: { attempts: 1 },
    fetch: async (_url, init) => {
      sent.push(new Headers(init.headers).get('authorization'));
      return new Response('{"items":[]}', { status: 200, headers: { 'content-type': 'application/json' } });
    },
  });
  return { client, sent };
}

test('each request carries the token that stands in the file then', async () => {
  const file = path.join(folder, 'token');
  await writeFile(file, 'first\n');
  const { client, sent } = noting(file);
  await client.models();
  await writeFile(`${file}.new`, 'second\n');
  await rename(`${file}.new`, file);
  await client.models();
  assert.deepEqual(sent, ['Bearer first', 'Bearer second']);
});

test('without a token nothing is sent, and it may work later', async () => {
  const file = path.join(folder, 'late');
  const { client, sent } = noting(file);
  await assert.rejects(
    client.models(),
    (error: Error) => error instanceof PlatformUnavailable && /late cannot be read/.test(error.message),
  );
  await writeFile(file, '\n');
  await assert.rejects(client.models(), /is empty/);
  await writeFile(file, 'now');
  await client.models();
  assert.deepEqual(sent, ['Bearer now']);
});
