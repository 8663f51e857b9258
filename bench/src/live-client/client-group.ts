import type { ClientToServer, ServerToClient } from '@verdict/contracts';
import { io, type Socket } from 'socket.io-client';
import { machineMs, type Work, type WorkResult } from './work.ts';

type LiveSocket = Socket<ServerToClient, ClientToServer>;

/** Handshakes under way at once. */
const connectingAtOnce = 32;
const connectWithinMs = 120_000;

/** Many clients of the live hub in one process. */
export class ClientGroup {
  readonly #sockets: LiveSocket[] = [];
  #heard = new Map<string, number[]>();
  #ended = 0;

  async connect(work: Extract<Work, { type: 'connect' }>): Promise<WorkResult> {
    let started = 0;
    const one = async (): Promise<void> => {
      while (started < work.clients) {
        const index = started++;
        const url = work.urls[index % work.urls.length] ?? '';
        const socket = await this.#open(url, work.token);
        if (index < work.stalled) stall(socket);
        else this.#sockets.push(socket);
      }
    };
    await Promise.all(Array.from({ length: connectingAtOnce }, one));
    return { type: 'connected', clients: started };
  }

  collect(): WorkResult {
    const result = {
      type: 'heard',
      atMs: Object.fromEntries(this.#heard),
      ended: this.#ended,
      connected: this.#sockets.filter(({ connected }) => connected).length,
    } as const;
    this.#heard = new Map();
    this.#ended = 0;
    return result;
  }

  #open(url: string, token: string): Promise<LiveSocket> {
    const socket: LiveSocket = io(url, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      timeout: connectWithinMs,
    });
    socket.on('anomaly', ({ anomaly }) => {
      const atMs = machineMs();
      const heard = this.#heard.get(anomaly.id);
      if (heard === undefined) this.#heard.set(anomaly.id, [atMs]);
      else heard.push(atMs);
    });
    socket.on('disconnect', () => {
      this.#ended += 1;
    });
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', reject);
    });
  }
}

/** From here on the client takes no bytes from its network, does not come back, and is counted nowhere. */
function stall(socket: LiveSocket): void {
  socket.io.reconnection(false);
  socket.off('anomaly');
  socket.off('disconnect');
  const { engine } = socket.io as unknown as {
    engine: { transport: { ws: { _socket: { pause(): void } } } };
  };
  engine.transport.ws._socket.pause();
}
