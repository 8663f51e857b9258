import type { ClientToServer, ServerToClient, WatchAck } from '@verdict/contracts';
import type { Socket } from 'socket.io-client';
import { Subscribers } from './subscribers.ts';

/** How the page hears of news. `lost` tries again by itself; `off` does not (signed out). */
export type LiveStatus =
  | { readonly kind: 'off' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly sinceMs: number; readonly why: string };

type LiveSocket = Socket<ServerToClient, ClientToServer>;

interface Emitter {
  on(event: string, listener: unknown): void;
  off(event: string, listener: unknown): void;
}

const ackTimeoutMs = 10_000;
/** The hub takes this many series in one request. */
const mostPerRequest = 50;
/** When the hub turns the connection away, socket.io does not try again by itself; we do, this much later. */
const refusedRetryMs = 5_000;

/**
 * The one connection to the hub. It counts who watches which series, and after every reconnect watches again and
 * tells `onConnected` listeners, who fetch what was missed.
 */
export class LiveConnection {
  readonly #socket: LiveSocket;
  readonly #nowMs: () => number;
  readonly #statusListeners = new Subscribers();
  readonly #connectedListeners = new Subscribers();
  readonly #watchers = new Map<string, number>();
  readonly #onRefused: () => void;
  #status: LiveStatus = { kind: 'off' };
  #retry: ReturnType<typeof setTimeout> | undefined;

  /**
   * `socket` must be made with `autoConnect: false` and an `auth` function that gives the token of the moment;
   * `onRefused` is told when the hub does not take that.
   */
  constructor(parts: { socket: LiveSocket; nowMs: () => number; onRefused?: () => void }) {
    this.#socket = parts.socket;
    this.#nowMs = parts.nowMs;
    this.#onRefused = parts.onRefused ?? (() => {});
    this.#socket.on('connect', () => {
      this.#change({ kind: 'live' });
      this.#request('watch', [...this.#watchers.keys()]);
      this.#connectedListeners.tell();
    });
    this.#socket.on('disconnect', (reason) => {
      if (this.#status.kind === 'off') return;
      this.#lose(
        reason === 'io server disconnect' ? 'the server closed it' : 'the network or the server went away',
      );
    });
    this.#socket.on('connect_error', (error) => {
      this.#lose(error.message);
      // Otherwise socket.io tries again by itself: the network is at fault, not the token.
      if (!this.#socket.active) this.#onRefused();
    });
  }

  /** Calls `listener` when the status changes; returns the way out. */
  readonly subscribe = (listener: () => void): (() => void) => this.#statusListeners.add(listener);

  /** The status now; the same object until it changes. */
  readonly status = (): LiveStatus => this.#status;

  /** Calls `listener` after every connect, the first one too. */
  onConnected(listener: () => void): () => void {
    return this.#connectedListeners.add(listener);
  }

  /** Listens to one kind of message; returns the way out. */
  on<E extends keyof ServerToClient>(event: E, listener: ServerToClient[E]): () => void {
    // The typed `on` cannot tell a generic event from socket.io's own names; the signature above can.
    const socket = this.#socket as unknown as Emitter;
    socket.on(event, listener);
    return () => socket.off(event, listener);
  }

  /** Connects, or connects again with a new token. */
  start(): void {
    if (this.#socket.connected) return;
    if (this.#status.kind === 'off') this.#change({ kind: 'connecting' });
    clearTimeout(this.#retry);
    this.#socket.connect();
  }

  /** Keeps the connection beyond the end of the token that it began with. */
  renew(token: string): void {
    if (!this.#socket.connected) return;
    this.#socket.timeout(ackTimeoutMs).emit('renew', { token }, (error: Error | null, answer?: WatchAck) => {
      const refused = error?.message ?? (answer?.ok === false ? answer.error : null);
      // The hub ends the connection with the old token, and it is made anew with the new one.
      if (refused !== null) console.warn(`verdict: the live connection was not renewed: ${refused}`);
    });
  }

  /** Disconnects and stays so. */
  stop(): void {
    clearTimeout(this.#retry);
    this.#change({ kind: 'off' });
    this.#socket.disconnect();
  }

  /** Asks for live readings of a series until the returned function is called. Several may watch the same one. */
  watch(series: string): () => void {
    const count = this.#watchers.get(series) ?? 0;
    this.#watchers.set(series, count + 1);
    if (count === 0) this.#request('watch', [series]);
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      const left = (this.#watchers.get(series) ?? 1) - 1;
      if (left > 0) this.#watchers.set(series, left);
      else {
        this.#watchers.delete(series);
        this.#request('unwatch', [series]);
      }
    };
  }

  #request(kind: 'watch' | 'unwatch', series: string[]): void {
    if (!this.#socket.connected) return;
    for (let from = 0; from < series.length; from += mostPerRequest) {
      const part = series.slice(from, from + mostPerRequest);
      this.#socket
        .timeout(ackTimeoutMs)
        .emit(kind, { series: part }, (error: Error | null, answer?: WatchAck) => {
          const refused = error?.message ?? (answer?.ok === false ? answer.error : null);
          if (refused !== null)
            console.warn(`verdict: ${kind} of ${part.join(', ')} was not taken: ${refused}`);
        });
    }
  }

  #lose(why: string): void {
    if (this.#status.kind === 'off') return;
    const sinceMs = this.#status.kind === 'lost' ? this.#status.sinceMs : this.#nowMs();
    this.#change({ kind: 'lost', sinceMs, why });
    if (this.#socket.active) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.start(), refusedRetryMs);
  }

  #change(status: LiveStatus): void {
    this.#status = status;
    this.#statusListeners.tell();
  }
}
