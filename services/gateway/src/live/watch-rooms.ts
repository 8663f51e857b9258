import { type ScoredReadings, type WatchAck, WatchRequest } from '@verdict/contracts';
import { behindRoom } from './slow-connections.ts';
import type { LiveServer, LiveSocket } from './socket-server.ts';

/** Series that one connection may watch. */
export const maxWatchedPerSocket = 50;
const prefix = 'series:';

/** Room of everybody who watches a series. */
function roomOf(series: string): string {
  return prefix + series;
}

/** Series that somebody watches now. */
export function watchedSeries(io: LiveServer): string[] {
  const watched: string[] = [];
  for (const room of io.sockets.adapter.rooms.keys())
    if (room.startsWith(prefix)) watched.push(room.slice(prefix.length));
  return watched;
}

/**
 * Tells readings to whoever watches their series and is not behind; says how many got them, and how many not. They
 * are not sent as `volatile`: that drops whatever comes while the message before it is on its way, and so all but the
 * first of several watched series.
 */
export function tellWatchers(io: LiveServer, readings: ScoredReadings): { told: number; dropped: number } {
  const { rooms } = io.of('/').adapter;
  const room = roomOf(readings.series);
  const watching = rooms.get(room) ?? new Set();
  const behind = rooms.get(behindRoom);
  let dropped = 0;
  if (behind !== undefined) for (const id of watching) dropped += behind.has(id) ? 1 : 0;
  io.to(room).except(behindRoom).emit('readings', readings);
  return { told: watching.size - dropped, dropped };
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
