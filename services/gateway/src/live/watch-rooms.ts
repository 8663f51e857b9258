import { type WatchAck, WatchRequest } from '@verdict/contracts';
import type { LiveServer, LiveSocket } from './socket-server.ts';

/** Series that one connection may watch. */
export const maxWatchedPerSocket = 50;
const prefix = 'series:';

/** Room of everybody who watches a series. */
export function roomOf(series: string): string {
  return prefix + series;
}

/** Series that somebody watches now. */
export function watchedSeries(io: LiveServer): string[] {
  const watched: string[] = [];
  for (const room of io.sockets.adapter.rooms.keys())
    if (room.startsWith(prefix)) watched.push(room.slice(prefix.length));
  return watched;
}

/** Answers `watch` and `unwatch`. Every role may read, so every authenticated connection may watch any series. */
export function answerWatchers(io: LiveServer): void {
  io.on('connection', (socket) => {
    // Types do not reach over the wire: a client may send anything.
    socket.on('watch', (request: unknown, ack: unknown) => answer(ack, watch(socket, request)));
    socket.on('unwatch', (request: unknown, ack: unknown) => answer(ack, unwatch(socket, request)));
  });
}

function watch(socket: LiveSocket, request: unknown): WatchAck {
  const wanted = WatchRequest.safeParse(request);
  if (!wanted.success) return refused(wanted.error.issues[0]?.message);
  const rooms = new Set([...socket.rooms].filter((room) => room.startsWith(prefix)));
  for (const series of wanted.data.series) rooms.add(roomOf(series));
  if (rooms.size > maxWatchedPerSocket)
    return { ok: false, error: `At most ${maxWatchedPerSocket} series can be watched at once.` };
  void socket.join([...rooms]);
  return { ok: true };
}

function unwatch(socket: LiveSocket, request: unknown): WatchAck {
  const named = WatchRequest.safeParse(request);
  if (!named.success) return refused(named.error.issues[0]?.message);
  for (const series of named.data.series) void socket.leave(roomOf(series));
  return { ok: true };
}

function refused(message: string | undefined): WatchAck {
  return { ok: false, error: `The request does not fit: ${message ?? 'see the contract'}.` };
}

function answer(ack: unknown, value: WatchAck): void {
  if (typeof ack === 'function') ack(value);
}
