import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Socket } from 'socket.io-client';
import { LiveConnection } from './live-connection.ts';

/** Stands where socket.io's socket stands: connects and fails when told to. */
class HandSocket extends EventEmitter {
  connected = false;
  active = true;
  readonly sent: [string, string[]][] = [];
  connect() {}
  disconnect() {}
  timeout() {
    return { emit: (event: string, body: { series: string[] }) => void this.sent.push([event, body.series]) };
  }
  arrive() {
    this.connected = true;
    this.emit('connect');
  }
  fall() {
    this.connected = false;
    this.emit('disconnect', 'transport close');
  }
}

function made(): { socket: HandSocket; live: LiveConnection } {
  const socket = new HandSocket();
  const live = new LiveConnection({ socket: socket as unknown as Socket, nowMs: () => 42 });
  live.start();
  return { socket, live };
}

test('a lost connection is known since when, and is live again after it comes back', () => {
  const { socket, live } = made();
  assert.equal(live.status().kind, 'connecting');
  socket.arrive();
  socket.fall();
  const lost = live.status();
  assert.ok(lost.kind === 'lost' && lost.sinceMs === 42);
  socket.arrive();
  assert.equal(live.status().kind, 'live');
});

test('a series is watched once however many look at it, and again after every reconnect', () => {
  const { socket, live } = made();
  socket.arrive();
  const first = live.watch('shop/cart');
  const second = live.watch('shop/cart');
  first();
  first();
  assert.deepEqual(socket.sent, [['watch', ['shop/cart']]]);
  socket.fall();
  socket.arrive();
  assert.deepEqual(socket.sent.at(-1), ['watch', ['shop/cart']]);
  second();
  assert.deepEqual(socket.sent.at(-1), ['unwatch', ['shop/cart']]);
});

test('every connect tells those who fetch what was missed', () => {
  const { socket, live } = made();
  let connects = 0;
  const leave = live.onConnected(() => connects++);
  socket.arrive();
  socket.fall();
  socket.arrive();
  leave();
  socket.arrive();
  assert.equal(connects, 2);
});

test('after stopping, a late message of the socket changes nothing', () => {
  const { socket, live } = made();
  live.stop();
  socket.fall();
  assert.equal(live.status().kind, 'off');
});
