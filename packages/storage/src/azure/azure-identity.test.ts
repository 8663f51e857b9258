import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const storage = new URL('../index.ts', import.meta.url).href;

/** Runs a module of its own in a fresh process, which counts the modules of Azure that it loads. */
async function inProcess(script: string, environment: Record<string, string> = {}): Promise<unknown> {
  const text = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      load(url, context, next) {
        const found = /node_modules\\/(@azure\\/(?:identity|storage-blob|msal-node)|apache-arrow)\\//.exec(url);
        if (found) loaded.add(found[1]);
        return next(url, context);
      },
    });
    const { azureIdentity, openBlobs } = await import(${JSON.stringify(storage)});
    const answer = await (async () => { ${script} })();
    console.log(JSON.stringify({ answer, loaded: [...loaded].sort() }));`;
  const env = { PATH: process.env.PATH, ...environment };
  const args = ['--input-type=module', '--eval', text];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 60_000 });
  return JSON.parse(stdout);
}

test('where blobs are files and nobody asks for a token, nothing of Azure is loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-identity-'));
  try {
    const script = `const blobs = await openBlobs(process.env.FOLDER, azureIdentity()); return blobs.list('');`;
    const environment = { FOLDER: pathToFileURL(folder).href };
    assert.deepEqual(await inProcess(script, environment), { answer: [], loaded: [] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a process that Azure gave an identity gets a token with it, and one of a container opens that', async () => {
  const asked: unknown[] = [];
  const endpoint = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    asked.push([query.get('resource'), request.headers['x-identity-header']]);
    const expires_on = Math.floor(Date.now() / 1000) + 3600;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ access_token: 'a token', expires_on, resource: 'r', token_type: 'Bearer' }),
    );
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { port } = endpoint.address() as AddressInfo;
  try {
    // As App Service, and Container Apps, tell a process where its identity is.
    const environment = {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/token`,
      IDENTITY_HEADER: 'only we know it',
      AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential',
    };
    const script = `
      const identity = azureIdentity();
      await openBlobs('https://account.blob.core.windows.net/verdict', identity);
      const { token } = await identity.getToken('https://ossrdbms-aad.database.windows.net/.default');
      return token;`;
    assert.deepEqual(await inProcess(script, environment), {
      answer: 'a token',
      loaded: ['@azure/identity', '@azure/msal-node', '@azure/storage-blob'],
    });
    assert.deepEqual(asked, [['https://ossrdbms-aad.database.windows.net', 'only we know it']]);
  } finally {
    endpoint.closeAllConnections();
    await new Promise((resolve) => endpoint.close(resolve));
  }
});
