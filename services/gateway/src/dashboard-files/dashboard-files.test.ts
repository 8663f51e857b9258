import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import express from 'express';
import { dashboardFiles } from './dashboard-files.ts';

const script = 'console.log("the same again and again");\n'.repeat(1000);

async function dashboard(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'verdict-dashboard-'));
  context.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'index-1.js'), script);
  await writeFile(join(folder, 'assets', 'logo-1.png'), Buffer.alloc(5000));
  await writeFile(join(folder, 'index.html'), `<!doctype html>${' '.repeat(5000)}`);
  const server = express().use(dashboardFiles(folder)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  context.after(() => void server.close());
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  /** As it comes over the wire: `fetch` would unpack it. */
  return async (path: string, headers: Record<string, string>) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers, agent: false }, resolve).on('error', reject);
    });
    return { headers: answer.headers, bytes: Buffer.concat(await answer.toArray()) };
  };
}

test('scripts go over the wire compressed as the browser wishes, and are kept for a year', async (context) => {
  const read = await dashboard(context);
  const brotli = await read('/assets/index-1.js', { 'accept-encoding': 'gzip, br' });
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.ok(brotli.bytes.length < script.length / 10);
  assert.equal(brotliDecompressSync(brotli.bytes).toString(), script);
  assert.match(brotli.headers['cache-control'] ?? '', /immutable/);
  assert.match(brotli.headers.vary ?? '', /Accept-Encoding/);
  const gzip = await read('/assets/index-1.js', { 'accept-encoding': 'gzip' });
  assert.equal(gunzipSync(gzip.bytes).toString(), script);
  const plain = await read('/assets/index-1.js', {});
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.bytes.toString(), script);
});

test('a link into the dashboard gets its page, compressed and never kept; a picture comes as it is', async (context) => {
  const read = await dashboard(context);
  const page = await read('/anomalies/1', { accept: 'text/html', 'accept-encoding': 'br' });
  assert.match(brotliDecompressSync(page.bytes).toString(), /^<!doctype html>/);
  assert.equal(page.headers['cache-control'], 'no-cache');
  const picture = await read('/assets/logo-1.png', { 'accept-encoding': 'br' });
  assert.equal(picture.headers['content-encoding'], undefined);
});
