import { createServer, type Server, type Socket } from 'node:net';
import rhea, { type Connection } from 'rhea';
import { ClientConnection } from './client-connection.ts';
import { CONDITION } from './link-error.ts';
import { connectionInternals } from './rhea-internals.ts';
import type { ServerContext } from './server-context.ts';

export interface AmqpServer {
  port: number;
  /** Tells every client, waits a moment for them to go and closes what is left. */
  stop(): Promise<void>;
}

export interface AmqpServerOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  /** A connection that has sent nothing for twice as long is closed. */
  idleTimeoutMs: number;
}

const MAX_FRAME_BYTES = 64 * 1024;
/** Time for the handshake; whatever connects and stays silent is dropped after it. */
const OPEN_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 1_000;

/** Listens for AMQP 1.0 clients. Rejects with the system's error (`EADDRINUSE`, …). */
export async function listen(context: ServerContext, options: AmqpServerOptions): Promise<AmqpServer> {
  const container = rhea.create_container({ id: 'event-hubs-emulator' });
  const open = new Map<Socket, Connection>();

  const server = createServer({ noDelay: true }, (socket) => {
    const connection = container.create_connection({
      max_frame_size: MAX_FRAME_BYTES,
      idle_time_out: options.idleTimeoutMs,
      receiver_options: { autoaccept: false, credit_window: 0 },
      reconnect: false,
    } as never);
    open.set(socket, connection);
    serve(connection, socket, context);
    socket.on('close', () => open.delete(socket));
    connectionInternals(connection).accept(socket);
  });
  await startListening(server, options);
  server.on('error', (error) => context.log.warn('The server failed.', { error: String(error) }));
  const address = server.address();

  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of open.values()) {
        connection.close({ condition: CONDITION.forced, description: 'The emulator is stopping.' });
      }
      const timer = setTimeout(() => {
        for (const [socket, connection] of open) abort(socket, connection);
      }, STOP_WITHIN_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}

function serve(connection: Connection, socket: Socket, context: ServerContext): void {
  const client = new ClientConnection(connection, context);
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  const handshake = setTimeout(() => abort(socket, connection), OPEN_WITHIN_MS);
  handshake.unref();
  connection.on('connection_open', () => clearTimeout(handshake));
  connection.on('connection_close', () => client.release());
  connection.on('connection_error', () => undefined); // connection_close follows
  connection.on('disconnected', () => client.release());
  for (const event of ['protocol_error', 'error']) {
    connection.on(event, (error: unknown) => {
      context.log.debug('A client broke the protocol.', { peer, error: String(error) });
      // rhea ends its side only; a peer that sends garbage may keep its own open.
      abort(socket, connection);
    });
  }
  socket.on('data', () => {
    // rhea would gather a frame of any size before it looks at it.
    if ((connectionInternals(connection).frame_size ?? 0) > MAX_FRAME_BYTES) abort(socket, connection);
  });
  socket.on('close', () => {
    clearTimeout(handshake);
    client.release();
  });
}

/** Ends the socket and rhea's timers with it. */
function abort(socket: Socket, connection: Connection): void {
  if (!socket.destroyed) connectionInternals(connection).abort_socket(socket);
}

async function startListening(server: Server, { host, port }: AmqpServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
