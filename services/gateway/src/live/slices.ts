import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveMessage } from './live-message.ts';
import type { LiveServer } from './socket-server.ts';

const prefix = 'slice:';
/** Writing to connections goes on for so long before requests, and answers of the database, have their turn. */
const turnMs = 5;

/**
 * All connections, in slices: messages go to one slice after the other, and every few milliseconds other work has
 * its turn in between. So requests do not wait until thousands of connections were written to, and several messages
 * to one connection are written to its network together.
 */
export class Slices {
  readonly #io: LiveServer;
  readonly #size: number;
  /** Connections in each slice. */
  readonly #counts: number[] = [];

  /** `size`: connections in a slice, at most. */
  constructor(io: LiveServer, size: number) {
    this.#io = io;
    this.#size = size;
    io.on('connection', (socket) => {
      // It may have been ended at once: what it joined now it would never leave.
      if (!socket.connected) return;
      const slice = this.#freeSlice();
      this.#counts[slice] = (this.#counts[slice] ?? 0) + 1;
      void socket.join(prefix + slice);
      socket.once('disconnect', () => {
        this.#counts[slice] = (this.#counts[slice] ?? 1) - 1;
      });
    });
  }

  /** Tells all connections, each in the order of the messages; resolves when all are handed over. */
  async tell(messages: readonly LiveMessage[]): Promise<void> {
    let turnFrom = performance.now();
    // Whoever connects meanwhile reads from the database what is being told here.
    for (let slice = 0; slice < this.#counts.length; slice++) {
      if (this.#counts[slice] === 0) continue;
      const room = this.#io.to(prefix + slice);
      // The types of event and message belong together, which is lost in the list.
      for (const { event, message } of messages) room.emit(event, message as never);
      if (performance.now() - turnFrom < turnMs) continue;
      await nextTurn();
      turnFrom = performance.now();
    }
    // What waits for connections after that, their networks did not take.
    await nextTurn();
  }

  #freeSlice(): number {
    const free = this.#counts.findIndex((count) => count < this.#size);
    return free === -1 ? this.#counts.length : free;
  }
}
