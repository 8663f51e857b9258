import type { ClientToServer, ServerToClient } from '@verdict/contracts';
import { io, type Socket } from 'socket.io-client';

/** Listens at the live hub and takes the time from an acknowledged POST to the anomaly that it brought. */
export class AnomalyWatch {
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #told = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();
  readonly #used = new Set<string>();

  private constructor(socket: Socket<ServerToClient, ClientToServer>) {
    this.#socket = socket;
    socket.on('anomaly', ({ anomaly }) => {
      const key = `${anomaly.series} ${Date.parse(anomaly.start)}`;
      if (!this.#told.has(key)) this.#told.set(key, performance.now());
      // Whatever is open on a series would take in what comes next.
      this.#used.add(anomaly.series);
    });
  }

  static async open({ url, token }: { url: string; token: string }): Promise<AnomalyWatch> {
    const socket: Socket<ServerToClient, ClientToServer> = io(url, {
      transports: ['websocket'],
      auth: { token },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', reject);
    });
    return new AnomalyWatch(socket);
  }

  /** Whether nothing odd was ever sent on the series, nor told of it. */
  isFresh(series: string): boolean {
    return series !== '' && !this.#used.has(series);
  }

  /** A POST with an odd value was acknowledged. */
  acknowledged(series: string, timeMs: number, atMs: number): void {
    this.#used.add(series);
    this.#acknowledged.set(`${series} ${timeMs}`, atMs);
  }

  /** Waits until all of them were told of, for at most `ms`. */
  async settle(ms: number): Promise<void> {
    const deadlineMs = performance.now() + ms;
    const missing = () => [...this.#acknowledged.keys()].some((key) => !this.#told.has(key));
    while (missing() && performance.now() < deadlineMs)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Times of all that were told of, ms; one that came before its acknowledgement was read took none. */
  close(): number[] {
    this.#socket.disconnect();
    return [...this.#acknowledged].flatMap(([key, ackMs]) => {
      const toldMs = this.#told.get(key);
      return toldMs === undefined ? [] : [Math.max(0, toldMs - ackMs)];
    });
  }
}
