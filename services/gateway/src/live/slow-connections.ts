import type { Logger } from '@verdict/process';
import { queuedBytes, resetConnection } from './connection-queue.ts';
import type { LiveServer, LiveSocket } from './socket-server.ts';

/** Room of connections that are behind: they get no readings. */
export const behindRoom = 'behind';

/** What waits for slow connections, and from where on they are treated otherwise. */
export interface SlowConnectionLimits {
  /** A connection with more than this waiting gets no live readings until it has caught up. */
  readonly behindBytes: number;
  /** One with more than this waiting is ended. */
  readonly mostBytes: number;
}

/** Of one look at all connections. */
export interface QueueFigures {
  /** Bytes that wait, of all connections. */
  readonly bytes: number;
  /** Connections that are behind. */
  readonly behind: number;
}

/** Some hundred changes of anomalies behind; what is told is kept once for all connections, however many wait for it. */
export const slowConnectionLimits: SlowConnectionLimits = { behindBytes: 64 * 1024, mostBytes: 1024 * 1024 };

/** Looks at what waits for each connection, marks those that are behind and ends those that are too far behind. */
export class SlowConnections {
  readonly #io: LiveServer;
  readonly #limits: SlowConnectionLimits;
  readonly #logger: Logger;
  #figures: QueueFigures = { bytes: 0, behind: 0 };

  constructor(parts: { io: LiveServer; limits: SlowConnectionLimits; logger: Logger }) {
    this.#io = parts.io;
    this.#limits = parts.limits;
    this.#logger = parts.logger;
  }

  /** Of the newest look. */
  get figures(): QueueFigures {
    return this.#figures;
  }

  /** Call it after telling, and every second. */
  look(): void {
    const { behindBytes, mostBytes } = this.#limits;
    let bytes = 0;
    let behind = 0;
    for (const socket of this.#io.of('/').sockets.values()) {
      if (socket.data.ending !== undefined) continue;
      const waiting = queuedBytes(socket);
      if (waiting > mostBytes) {
        this.#end(socket, waiting);
        continue;
      }
      bytes += waiting;
      if (waiting > behindBytes) {
        behind += 1;
        if (socket.data.behind !== true) void socket.join(behindRoom);
        socket.data.behind = true;
      } else if (socket.data.behind === true) {
        socket.data.behind = false;
        void socket.leave(behindRoom);
      }
    }
    this.#figures = { bytes, behind };
  }

  #end(socket: LiveSocket, waiting: number): void {
    socket.data.ending = 'slow';
    const { name } = socket.data.caller;
    this.#logger.warn({ user: name, waitingBytes: waiting }, 'a live connection was too slow and was ended');
    resetConnection(socket);
  }
}
