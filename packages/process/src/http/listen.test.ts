import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { listen } from './listen.ts';

test('closing waits for the request in flight and takes no new one', async () => {
  let answer = (): void => {};
  let arrived = (): void => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = createServer((_request, response) => {
    answer = () => response.end('done');
    arrived();
  });
  const listening = await listen(server, { host: '127.0.0.1', port: 0 });
  const inFlight = fetch(listening.url);
  await first;
  const closed = listening.close(10_000);
  await assert.rejects(fetch(listening.url));
  answer();
  assert.equal(await (await inFlight).text(), 'done');
  await closed;
});

test('a request that never ends is cut when the grace is over', async () => {
  let arrived = (): void => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const listening = await listen(
    createServer(() => arrived()),
    { host: '127.0.0.1', port: 0 },
  );
  const cut = assert.rejects(fetch(listening.url));
  await first;
  await listening.close(20);
  await cut;
});
