import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  EventHubConsumerClient,
  EventHubProducerClient,
  earliestEventPosition,
  type MessagingError,
} from '@azure/event-hubs';
import { type Emulator, startEmulator } from './emulator.ts';
import { openReader } from './testing/read-events.ts';
import { signToken } from './testing/sign-token.ts';

const fast = { retryOptions: { maxRetries: 0, timeoutInMs: 15_000 } };
const key = { name: 'emulator', value: 'c2VjcmV0' };

describe('an emulator among strangers', () => {
  let folder = '';
  let emulator: Emulator;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'event-hubs-security-'));
    const hubs = ['data', 'feedback'].map((name) => ({ name, partitions: 1 }));
    emulator = await startEmulator({ dataFolder: folder, hubs, key, idleTimeoutMs: 300 });
    await withProducer(emulator.connectionString, 'data', (producer) =>
      producer.sendBatch([{ body: 'first' }]),
    );
  });
  after(async () => {
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const withProducer = async (
    connectionString: string,
    hub: string,
    action: (producer: EventHubProducerClient) => Promise<void>,
  ): Promise<void> => {
    const producer = new EventHubProducerClient(connectionString, hub, fast);
    try {
      await action(producer);
    } finally {
      await producer.close();
    }
  };
  /** A connection string that carries one token instead of the key. */
  const withToken = (path: string, lifeMs: number): string => {
    const endpoint = `sb://127.0.0.1:${emulator.port}`;
    const token = signToken(key, `${endpoint}/${path}`, Date.now() + lifeMs);
    return `Endpoint=${endpoint};SharedAccessSignature=${token};UseDevelopmentEmulator=true;`;
  };

  test('a token opens the hub that it names, and no other', async () => {
    await withProducer(withToken('data', 60_000), 'data', (producer) => producer.sendBatch([{ body: 1 }]));
    await withProducer(withToken('data', 60_000), 'feedback', (producer) =>
      assert.rejects(producer.sendBatch([{ body: 1 }]), { code: 'UnauthorizedError' }),
    );
    await withProducer(withToken('data/Partitions/0', 60_000), 'data', (producer) =>
      assert.rejects(producer.getEventHubProperties(), { code: 'UnauthorizedError' }),
    );
  });

  test('an expired token opens nothing', async () => {
    await withProducer(withToken('data', -2000), 'data', (producer) =>
      assert.rejects(producer.sendBatch([{ body: 1 }]), { code: 'UnauthorizedError' }),
    );
  });

  test('a link is closed when its token expires', async () => {
    const consumer = new EventHubConsumerClient('$Default', withToken('data', 3000), 'data', fast);
    const reader = openReader(consumer, '0', earliestEventPosition);
    try {
      await reader.until(() => reader.events.length > 0);
      await reader.until(() => reader.errors.length > 0, { failOnError: false });
      assert.equal((reader.errors[0] as MessagingError).code, 'UnauthorizedError');
    } finally {
      await reader.close();
      await consumer.close();
    }
  });

  test('whatever comes in over the port, others are served on', async () => {
    const amqpHeader = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');
    const saslHeader = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');
    const hugeFrame = Buffer.from([0x7f, 0xff, 0xff, 0xff, 2, 0, 0, 0]);
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251));
    const attacks = [
      noise,
      Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      Buffer.concat([amqpHeader, hugeFrame, noise]),
      Buffer.concat([amqpHeader, Buffer.from([0, 0, 0, 9, 2, 0, 0, 0, 0x40]), noise]),
      Buffer.concat([saslHeader, Buffer.from([0, 0, 0, 8, 2, 1, 0, 0]), noise]),
      Buffer.concat([saslHeader, Buffer.from([0, 0, 0, 3]), noise]),
      saslHeader.subarray(0, 5),
    ];
    const sockets: Socket[] = [];
    for (const bytes of attacks) {
      const socket = connect(emulator.port, '127.0.0.1');
      socket.on('error', () => undefined); // the emulator may hang up while we write
      socket.write(bytes);
      sockets.push(socket);
    }
    await withProducer(emulator.connectionString, 'data', async (producer) => {
      for (let i = 0; i < 5; i++) await producer.sendBatch([{ body: i }]);
    });
    for (const socket of sockets) socket.destroy();
    await withProducer(emulator.connectionString, 'data', (producer) =>
      producer.sendBatch([{ body: 'last' }]),
    );
  });

  test('a connection that fell silent is closed, one that only rests is kept', async () => {
    const producer = new EventHubProducerClient(emulator.connectionString, 'data', fast);
    const silent = connect(emulator.port, '127.0.0.1');
    try {
      await producer.sendBatch([{ body: 'before' }]);
      const openFrame = Buffer.from([0, 0, 0, 17, 2, 0, 0, 0, 0, 0x53, 0x10, 0xc0, 4, 1, 0xa1, 1, 0x78]);
      silent.write(Buffer.concat([Buffer.from('AMQP\x00\x01\x00\x00', 'latin1'), openFrame]));
      silent.resume();
      await once(silent, 'close');
      await producer.sendBatch([{ body: 'after' }]);
    } finally {
      silent.destroy();
      await producer.close();
    }
  });
});
