import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import rhea, { type Delivery, type EventContext } from 'rhea';
import { Settlement } from './settlement.ts';

test('deliveries that are answered in one tick each keep their own outcome', async () => {
  const wanted = ['accepted', 'rejected', 'accepted', 'accepted', 'rejected', 'rejected', 'accepted'];
  const container = rhea.create_container();
  const server = container.listen({
    port: 0,
    host: '127.0.0.1',
    receiver_options: { autoaccept: false },
  } as never);
  const received: Delivery[] = [];
  container.on('connection_open', () => undefined);
  container.on('message', ({ delivery }: EventContext) => {
    if (delivery !== undefined) received.push(delivery);
    if (received.length < wanted.length) return;
    const settlement = new Settlement();
    for (const [index, outcome] of wanted.entries()) {
      const error = outcome === 'rejected' ? { condition: 'amqp:not-allowed', description: '' } : undefined;
      settlement.settle(received[index] as Delivery, error);
    }
  });
  await once(server, 'listening');

  const { port } = server.address() as AddressInfo;
  const connection = rhea.create_container().connect({ port, host: '127.0.0.1', reconnect: false });
  const sender = connection.open_sender('anywhere');
  const outcomes = await new Promise<string[]>((resolve) => {
    const heard: string[] = [];
    let count = 0;
    for (const outcome of ['accepted', 'rejected']) {
      sender.on(outcome, ({ delivery }: EventContext) => {
        heard[delivery?.id ?? -1] = outcome;
        count += 1;
        if (count === wanted.length) resolve(heard);
      });
    }
    sender.once('sendable', () => {
      for (const outcome of wanted) sender.send({ body: outcome });
    });
  });
  connection.close();
  await once(connection, 'connection_close');
  server.close();
  assert.deepEqual(outcomes, wanted);
});
