import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { createLogger, hostGuard, type Listening, listen, systemClock } from '@verdict/process';
import { io as connect, type Socket } from 'socket.io-client';
import { EndedSessions } from '../auth/ended-sessions.ts';
import { tailOf } from '../stand-in-detector.fixture.ts';
import { Slices } from './slices.ts';
import { SlowConnections } from './slow-connections.ts';
import { type LiveServer, liveServer } from './socket-server.ts';
import { answerWatchers, tellWatchers } from './watch-rooms.ts';

const kib = 1024;
const ends: string[] = [];
const clients: Socket[] = [];
const ended = new EndedSessions({
  sessions: { endedWithin: async () => [] },
  nowMs: systemClock.nowMs,
  keepMs: 60_000,
});
let io: LiveServer;
let slices: Slices;
let listening: Listening;
let slow: SlowConnections;

before(async () => {
  const server = createServer();
  io = liveServer({
    server,
    ended,
    verifyToken: async (name) => ({
      name,
      roles: ['viewer'],
      session: name,
      expiresAtMs: Date.now() + 600_000,
    }),
    guard: hostGuard([], []),
    corsOrigins: [],
    nowMs: systemClock.nowMs,
    isStopping: () => false,
    onEnd: (why) => ends.push(why),
  });
  answerWatchers(io);
  slices = new Slices(io, 2);
  const logger = createLogger({ name: 'live', level: 'silent' });
  slow = new SlowConnections({ io, limits: { behindBytes: 64 * kib, mostBytes: 4096 * kib }, logger });
  listening = await listen(server, { host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await until(() => io.of('/').sockets.size === 0);
  ends.length = 0;
});
after(async () => {
  io.engine.close();
  await listening.close(100);
});

async function until(holds: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error('did not happen within 20 s');
    await systemClock.sleep(10);
  }
}

async function client(token: string): Promise<Socket> {
  const socket = connect(listening.url, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  clients.push(socket);
  await until(() => socket.connected);
  return socket;
}

/** Stops or goes on taking bytes from the network. */
function reads(socket: Socket, on: boolean): void {
  const { engine } = socket.io as unknown as {
    engine: { transport: { ws: { _socket: { pause(): void; resume(): void } } } };
  };
  if (on) engine.transport.ws._socket.resume();
  else engine.transport.ws._socket.pause();
}

/** Tells everybody 256 KiB. */
const tellMuch = (): Promise<void> =>
  slices.tell([{ event: 'pool', message: { name: 'shop', event: 'x'.repeat(256 * kib) } }]);

test('a connection that is behind gets no readings, others do, and it gets them again when it has caught up', async () => {
  const [behind, healthy] = [await client('behind'), await client('healthy')];
  const got = new Map([behind, healthy].map((socket) => [socket, 0]));
  for (const socket of [behind, healthy]) {
    socket.on('readings', () => got.set(socket, (got.get(socket) ?? 0) + 1));
    assert.deepEqual(await socket.emitWithAck('watch', { series: ['shop/cart'] }), { ok: true });
  }
  reads(behind, false);
  // The system's own buffers take some megabytes first.
  for (let told = 0; told < 400 && slow.figures.behind === 0; told++) {
    await tellMuch();
    slow.look();
  }
  assert.equal(slow.figures.behind, 1);
  assert.ok(slow.figures.bytes > 64 * kib);
  assert.deepEqual(tellWatchers(io, tailOf('shop/cart', [1])), { told: 1, dropped: 1 });
  await until(() => got.get(healthy) === 1);
  reads(behind, true);
  await until(() => {
    slow.look();
    return slow.figures.behind === 0;
  });
  assert.deepEqual(tellWatchers(io, tailOf('shop/cart', [2])), { told: 2, dropped: 0 });
  await until(() => got.get(behind) === 1 && got.get(healthy) === 2);
});

test('a connection for which too much waits is ended and nothing of it is kept', async () => {
  const [slowest, healthy] = [await client('slowest'), await client('healthy')];
  reads(slowest, false);
  let most = 0;
  for (let told = 0; told < 400 && ends.length === 0; told++) {
    await tellMuch();
    slow.look();
    most = Math.max(most, slow.figures.bytes);
  }
  await until(() => ends.length > 0);
  assert.deepEqual(ends, ['slow']);
  assert.ok(most <= 2 * 4096 * kib, `${most} bytes waited`);
  assert.equal(io.of('/').sockets.size, 1);
  slow.look();
  assert.equal(slow.figures.behind, 0);
  assert.equal(healthy.connected, true);
  reads(slowest, true);
  await until(() => !slowest.connected);
});

test('messages reach all slices in their order, whoever comes and goes', async () => {
  const all = [await client('a'), await client('b'), await client('c')];
  all.push(await client('d'), await client('e'));
  all[0]?.disconnect();
  await until(() => ends.length === 1);
  all.push(await client('f'));
  const heard = all.map((socket) => {
    const names: string[] = [];
    socket.on('pool', ({ name }) => names.push(name));
    return names;
  });
  const told = Array.from({ length: 20 }, (_, index) => `pool-${index}`);
  for (const part of [told.slice(0, 5), told.slice(5)])
    await slices.tell(part.map((name) => ({ event: 'pool', message: { name, event: 'changed' } })));
  await until(() => heard.slice(1).every((names) => names.length === told.length));
  for (const names of heard.slice(1)) assert.deepEqual(names, told);
  assert.deepEqual(heard[0], []);
});

test('a log-in that ended while its connection was made leaves nothing behind', async () => {
  ended.add('gone');
  const socket = connect(listening.url, {
    auth: { token: 'gone' },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  clients.push(socket);
  await until(() => ends.length === 1);
  assert.deepEqual(ends, ['revoked']);
  assert.deepEqual([...io.of('/').adapter.rooms.keys()], []);
});
