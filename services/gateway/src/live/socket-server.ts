import type { Server } from 'node:http';
import { type ClientToServer, RenewRequest, type ServerToClient, type WatchAck } from '@verdict/contracts';
import type { Caller, HostGuard, VerifyToken } from '@verdict/process';
import { TokenRefused } from '@verdict/process';
import { type Socket, Server as SocketServer } from 'socket.io';
import type { EndedSessions } from '../auth/ended-sessions.ts';
import { type ConnectionEnd, connectionEnd } from './connection-end.ts';

/** What is kept with a connection. */
interface SocketData {
  caller: Caller;
  expiry?: NodeJS.Timeout;
  /** Why we end it. */
  ending?: ConnectionEnd;
  /** Too much waits for it to get readings, too. */
  behind?: boolean;
}

export type LiveServer = SocketServer<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** What the live connection needs. */
export interface LiveServerParts {
  readonly server: Server;
  readonly verifyToken: VerifyToken;
  readonly ended: EndedSessions;
  readonly guard: HostGuard;
  /** Origins of pages elsewhere that may connect, which the guard lets in too. */
  readonly corsOrigins: readonly string[];
  readonly nowMs: () => number;
  /** True from when on nobody is let in any more. */
  readonly isStopping: () => boolean;
  /** Told of each connection that ended, and why. */
  readonly onEnd: (why: ConnectionEnd) => void;
}

const maxMessageBytes = 64 * 1024;
/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Attaches socket.io to a server. The access token is checked at every connection; a connection ends when its token
 * expires and no newer one was sent (`renew`), and at once with its log-in. CORS does not protect WebSockets, so Host
 * and Origin are checked here.
 */
export function liveServer(parts: LiveServerParts): LiveServer {
  const { server, verifyToken, ended, guard, corsOrigins, nowMs, onEnd } = parts;
  const io: LiveServer = new SocketServer(server, {
    serveClient: false,
    cors: { origin: [...corsOrigins] },
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: 10_000,
    // No `connectionStateRecovery`: it would keep every message for minutes, and know nothing of what other gateways
    // told. Clients read on from their cursor instead, wherever they connect again.
    allowRequest: (request, decide) => {
      const allowed = guard.hostAllowed(request.headers.host) && guard.originAllowed(request.headers.origin);
      const why = !allowed
        ? 'this host or origin is not answered'
        : parts.isStopping()
          ? 'this gateway stops'
          : null;
      decide(why, why === null);
    },
  });
  io.use((socket, next) => {
    authenticate(socket, verifyToken).then(() => next(), next);
  });
  io.on('connection', (socket) => {
    socket.once('disconnect', (reason) => {
      clearTimeout(socket.data.expiry);
      onEnd(socket.data.ending ?? connectionEnd(reason));
    });
    // The log-in may have ended while the connection was being made.
    if (ended.has(socket.data.caller)) {
      end(socket, 'revoked');
      return;
    }
    endWithToken(socket, nowMs);
    socket.on('renew', (request: unknown, ack: unknown) => {
      renew(socket, request, parts).then((answer) => {
        if (typeof ack === 'function') ack(answer);
      });
    });
  });
  ended.onEnd((id) => {
    for (const socket of io.of('/').sockets.values())
      if (socket.data.caller.session === id) end(socket, 'revoked');
  });
  return io;
}

async function authenticate(socket: LiveSocket, verifyToken: VerifyToken): Promise<void> {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token !== 'string') throw new TokenRefused('a token is needed in the handshake (auth.token)');
  socket.data.caller = await verifyToken(token);
}

function endWithToken(socket: LiveSocket, nowMs: () => number): void {
  clearTimeout(socket.data.expiry);
  const leftMs = Math.min(Math.max(0, socket.data.caller.expiresAtMs - nowMs()), longestTimerMs);
  socket.data.expiry = setTimeout(() => end(socket, 'expired'), leftMs);
}

/** The client is told that we ended it, so that it does not come back with the same token. */
function end(socket: LiveSocket, why: ConnectionEnd): void {
  socket.data.ending = why;
  socket.disconnect(true);
}

/** A newer token of the same person takes the place of the one before. */
async function renew(
  socket: LiveSocket,
  request: unknown,
  { verifyToken, nowMs }: LiveServerParts,
): Promise<WatchAck> {
  const given = RenewRequest.safeParse(request);
  if (!given.success) return { ok: false, error: 'The request does not fit: a token is needed.' };
  try {
    const caller = await verifyToken(given.data.token);
    if (caller.name !== socket.data.caller.name)
      return { ok: false, error: 'The token is of somebody else: connect anew with it.' };
    // A connection that was ended meanwhile gets no new timer.
    if (!socket.connected) return { ok: false, error: 'The connection has ended.' };
    socket.data.caller = caller;
    endWithToken(socket, nowMs);
    return { ok: true };
  } catch (error) {
    // Whatever is wrong, the connection lives on with the token that it has, until that ends.
    return { ok: false, error: error instanceof Error ? `${error.message}.` : 'The token was not taken.' };
  }
}
