import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { KubeConfig } from '@kubernetes/client-node';
import { configMap, configMapKind } from '../testing/config-map.ts';
import { HttpTransport } from './http-transport.ts';
import type { WatchEvent } from './kube-client.ts';
import { isExpired, KubeError } from './kube-error.ts';
import type { KubeObject } from './kube-object.ts';
import { openWatch } from './watch-stream.ts';

/** Sends what a test says, as a watch would; what an API server really says is tested against a real one. */
let server: Server;
let sent: (string | Buffer)[] = [];
let hangs = false;
let transport: HttpTransport;

before(async () => {
  server = createServer((_, answer) => {
    answer.writeHead(200);
    for (const part of sent) answer.write(part);
    if (!hangs) answer.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'test', server: url, skipTLSVerify: true }, { name: 'test' });
  transport = new HttpTransport(() => config);
});

after(() => {
  transport.close();
  server.closeAllConnections();
  server.close();
});

const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

async function read(options: { signal?: AbortSignal; silenceMs?: number } = {}) {
  const { signal = new AbortController().signal, silenceMs = 60_000 } = options;
  const events: WatchEvent<KubeObject>[] = [];
  const limits = { resourceVersion: '1', timeoutSeconds: 60, connectMs: 5000, silenceMs, signal };
  try {
    for await (const event of openWatch(transport, configMapKind, limits)) events.push(event);
    return { events, error: undefined };
  } catch (error) {
    return { events, error };
  }
}

test('A bookmark says how far the watch is, whatever the pieces it arrives in', async () => {
  const bytes = Buffer.from(
    line('ADDED', configMap('ä')) + line('BOOKMARK', { metadata: { resourceVersion: '7' } }),
  );
  sent = [bytes.subarray(0, 70), bytes.subarray(70, 71), bytes.subarray(71)];
  const { events, error } = await read();
  assert.equal(error, undefined);
  assert.deepEqual(events, [
    { type: 'ADDED', object: configMap('ä') },
    { type: 'BOOKMARK', resourceVersion: '7' },
  ]);
});

test('An ERROR line ends the watch with what the server said', async () => {
  sent = [
    line('ADDED', configMap('a')),
    line('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }),
  ];
  const { events, error } = await read();
  assert.equal(events.length, 1);
  assert.ok(isExpired(error));
});

test('A line that is no JSON ends the watch like a lost connection', async () => {
  sent = ['<html>\n'];
  const { error } = await read();
  assert.ok(error instanceof KubeError && error.reason === 'Unreachable');
});

test('Silence ends the watch, and so does its signal, with its reason', async () => {
  sent = [line('ADDED', configMap('a'))];
  hangs = true;
  const silent = await read({ silenceMs: 50 });
  assert.equal(silent.events.length, 1);
  assert.ok(silent.error instanceof KubeError && silent.error.reason === 'Timeout');
  const stopped = await read({ signal: AbortSignal.timeout(50) });
  assert.equal((stopped.error as Error).name, 'TimeoutError');
});
