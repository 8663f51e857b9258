import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { assertPortFree } from './assert-port-free.ts';

test('a port in use is told in one sentence that says what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await assert.rejects(assertPortFree('127.0.0.1', port), {
      name: 'StartError',
      message: `Port ${port} on 127.0.0.1 is in use. Free it, or set VERDICT_PORT to another one.`,
    });
  } finally {
    server.close();
  }
  await assertPortFree('127.0.0.1', port);
});

test('an address of another computer is told', async () => {
  await assert.rejects(assertPortFree('192.0.2.1', 8080), {
    name: 'StartError',
    message: 'VERDICT_HOST 192.0.2.1 is not an address of this computer.',
  });
});
