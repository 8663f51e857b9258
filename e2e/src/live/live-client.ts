import type {
  AnomaliesPage,
  Anomaly,
  AnomalyMessage,
  ClientToServer,
  ServerToClient,
} from '@verdict/contracts';
import { io, type Socket } from 'socket.io-client';

/** A person with a log-in. */
export interface LogIn {
  readonly access: string;
  readonly refreshToken: string;
}

/** Logs in at a gateway; with a session that a log-out ends. */
export async function logIn(url: string, user: { username: string; password: string }): Promise<LogIn> {
  const { username, password } = user;
  const answer = await fetch(`${url}/auth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password, session: 'token' }),
  });
  if (!answer.ok) throw new Error(`no log-in: ${answer.status} ${await answer.text()}`);
  const body = (await answer.json()) as { access_token: string; refresh_token: string };
  return { access: body.access_token, refreshToken: body.refresh_token };
}

/** A client that lives as the dashboard does: it reads on from its cursor at every connection. */
export class LiveClient {
  /** Newest revision of each anomaly, however it was heard of. */
  readonly seen = new Map<string, Anomaly>();
  /** Messages of each connection, in the order in which they came. */
  readonly messages: AnomalyMessage[][] = [];
  /** Why connections ended, in their order; and why they could not be made. */
  readonly ends: string[] = [];
  readonly refusals: string[] = [];
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #at: { url: string; token: string };
  #cursor = '0';
  #reading: Promise<void> = Promise.resolve();

  /** Connects in the background; `options` are socket.io's. */
  constructor(at: { url: string; token: string }, options: object = {}) {
    this.#at = at;
    this.#socket = io(at.url, {
      auth: { token: at.token },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      ...options,
    });
    this.#socket.on('connect', () => {
      this.messages.push([]);
      this.#reading = this.#reading.then(() => this.#catchUp()).catch(() => undefined);
    });
    this.#socket.on('disconnect', (reason) => this.ends.push(reason));
    this.#socket.on('connect_error', (error) => this.refusals.push(error.message));
    this.#socket.on('anomaly', (message) => {
      this.messages.at(-1)?.push(message);
      this.#take(message.anomaly);
    });
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Resolves when everything that was committed before its newest connection is read. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  /** Stops or goes on taking bytes from the network. */
  read(on: boolean): void {
    const { engine } = this.#socket.io as unknown as {
      engine: { transport: { ws: { _socket: { pause(): void; resume(): void } } } };
    };
    if (on) engine.transport.ws._socket.resume();
    else engine.transport.ws._socket.pause();
  }

  close(): void {
    this.#socket.disconnect();
  }

  #take(anomaly: Anomaly): void {
    if ((this.seen.get(anomaly.id)?.revision ?? 0) < anomaly.revision) this.seen.set(anomaly.id, anomaly);
  }

  async #catchUp(): Promise<void> {
    let next: string | null = null;
    let cursor = this.#cursor;
    do {
      const query = new URLSearchParams({ since: this.#cursor, limit: '500', ...(next ? { next } : {}) });
      const answer = await fetch(`${this.#at.url}/anomalies?${query}`, {
        headers: { authorization: `Bearer ${this.#at.token}` },
      });
      if (!answer.ok) throw new Error(`GET /anomalies was answered with ${answer.status}`);
      const page = (await answer.json()) as AnomaliesPage;
      for (const anomaly of page.items) this.#take(anomaly);
      ({ next, cursor } = page);
    } while (next !== null);
    this.#cursor = cursor;
  }
}
