import type { Server } from 'node:http';
import type { ClientToServer, ServerToClient } from '@verdict/contracts';
import type { Caller, HostGuard, VerifyToken } from '@verdict/process';
import { TokenRefused } from '@verdict/process';
import { type Socket, Server as SocketServer } from 'socket.io';

/** What is kept with a connection. */
interface SocketData {
  caller: Caller;
}

export type LiveServer = SocketServer<ClientToServer, ServerToClient, Record<string, never>, SocketData>;
export type LiveSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

/** What the live connection needs. */
export interface LiveServerParts {
  readonly server: Server;
  readonly verifyToken: VerifyToken;
  readonly guard: HostGuard;
  readonly nowMs: () => number;
}

const maxMessageBytes = 64 * 1024;
const recoverWithinMs = 120_000;
/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Attaches socket.io to a server. The access token is checked at every connection, recovered ones included; a
 * connection ends when its token expires. CORS does not protect WebSockets, so Host and Origin are checked here.
 */
export function liveServer({ server, verifyToken, guard, nowMs }: LiveServerParts): LiveServer {
  const io: LiveServer = new SocketServer(server, {
    serveClient: false,
    maxHttpBufferSize: maxMessageBytes,
    connectTimeout: 10_000,
    connectionStateRecovery: { maxDisconnectionDuration: recoverWithinMs, skipMiddlewares: false },
    allowRequest: (request, decide) => {
      const allowed = guard.hostAllowed(request.headers.host) && guard.originAllowed(request.headers.origin);
      decide(allowed ? null : 'this host or origin is not answered', allowed);
    },
  });
  io.use((socket, next) => {
    authenticate(socket, verifyToken).then(() => next(), next);
  });
  io.on('connection', (socket) => {
    const leftMs = Math.min(Math.max(0, socket.data.caller.expiresAtMs - nowMs()), longestTimerMs);
    const expiry = setTimeout(() => socket.disconnect(true), leftMs);
    socket.once('disconnect', () => clearTimeout(expiry));
  });
  return io;
}

async function authenticate(socket: LiveSocket, verifyToken: VerifyToken): Promise<void> {
  const { token } = socket.handshake.auth as { token?: unknown };
  if (typeof token !== 'string') throw new TokenRefused('a token is needed in the handshake (auth.token)');
  socket.data.caller = await verifyToken(token);
}
