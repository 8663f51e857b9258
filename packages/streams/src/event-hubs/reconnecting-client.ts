import { setTimeout as delay } from 'node:timers/promises';
import { EventTooLarge, StreamUnavailable } from '../event-stream.ts';
import { isFinal, streamError } from './stream-error.ts';
import { withinTime } from './within-time.ts';

const firstPauseMs = 100;
const longestPauseMs = 1_000;
const shortestAttemptMs = 250;
const closeWithinMs = 5_000;

/**
 * A client that is thrown away whenever an operation on it fails, so that no broken connection is ever used
 * twice. Operations are tried again, each time on a fresh client, until `retryForMs` have passed.
 */
export class ReconnectingClient<Client> {
  readonly #connect: () => Client;
  readonly #disconnect: (client: Client) => Promise<void>;
  readonly #retryForMs: number;
  readonly #attemptMs: number;
  readonly #closing = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #client: Client | null = null;

  constructor(options: {
    connect: () => Client;
    disconnect: (client: Client) => Promise<void>;
    retryForMs: number;
    attemptMs: number;
  }) {
    this.#connect = options.connect;
    this.#disconnect = options.disconnect;
    this.#retryForMs = options.retryForMs;
    this.#attemptMs = options.attemptMs;
  }

  /**
   * Runs an operation that may be repeated. Throws at once what repeating cannot cure, else `StreamUnavailable`
   * when no attempt succeeded in time.
   */
  async run<T>(operation: (client: Client, signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadlineMs = performance.now() + this.#retryForMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (this.#stopped.signal.aborted) throw new StreamUnavailable('closed');
      const leftMs = deadlineMs - performance.now();
      try {
        return await this.#attempt(operation, Math.max(1, Math.min(this.#attemptMs, leftMs)));
      } catch (error) {
        const known = streamError(error);
        const enoughLeft = performance.now() + pauseMs + shortestAttemptMs < deadlineMs;
        if (isFinal(known) || !enoughLeft || this.#stopped.signal.aborted) throw known;
      }
      // Waking early on close is all that the signal is for; the loop's head sees why.
      await delay(pauseMs, undefined, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    if (this.#client) this.#discard(this.#client);
    await Promise.all(this.#closing);
  }

  async #attempt<T>(operation: (client: Client, signal: AbortSignal) => Promise<T>, ms: number): Promise<T> {
    const client = this.#client ?? this.#connect();
    this.#client = client;
    const abort = new AbortController();
    try {
      const signal = AbortSignal.any([abort.signal, this.#stopped.signal]);
      return await withinTime(operation(client, signal), ms, 'an attempt');
    } catch (error) {
      abort.abort();
      if (!(error instanceof EventTooLarge)) this.#discard(client);
      throw error;
    }
  }

  /** Closes a client behind the scenes; operations that still run on it fail and are tried again. */
  #discard(client: Client): void {
    if (this.#client === client) this.#client = null;
    // A client that cannot even be closed is only forgotten: its connection is dead anyway.
    const closing = withinTime(this.#disconnect(client), closeWithinMs, 'closing').catch(() => {});
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}
