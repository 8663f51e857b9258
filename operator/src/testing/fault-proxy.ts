import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What is done to one request. */
export type Fault =
  /** The proxy answers itself, with a Status; the server never hears of the request. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly reason?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection is reset; the server never hears of the request. */
  | { readonly kind: 'reset' }
  /** The server does what was asked, and the connection is reset instead of the answer. */
  | { readonly kind: 'reset-after' }
  /** Passed on after a wait. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Neither passed on nor answered. */
  | { readonly kind: 'silence' };

/** One request as it came in. */
export interface ProxiedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly watch: boolean;
  readonly write: boolean;
}

/** Decides for each request; undefined passes it on. May wait: for a test that does something before a write. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined | Promise<Fault | undefined>;

/** A plain HTTP proxy in front of an API, on 127.0.0.1, that can break everything that goes through it. */
export interface FaultProxy {
  readonly url: string;
  /** Every request so far. */
  readonly requests: readonly ProxiedRequest[];
  /** From now on; undefined: everything passes. */
  plan(decide: FaultPlan | undefined): void;
  /** Told when the server has answered, before its answer goes on: for a test that does something after a write. */
  onAnswer(told: ((request: ProxiedRequest, status: number) => void | Promise<void>) | undefined): void;
  /** Resets every open connection, watches included; returns how many. */
  cut(): number;
  /** While on, no byte of an answer goes on, and connections stay open. */
  freeze(on: boolean): void;
  close(): Promise<void>;
}

export interface FaultProxyOptions {
  /** `https://127.0.0.1:6443`; its certificate is not checked. */
  readonly target: string;
}

/** Starts it on a free port. */
export async function startFaultProxy({ target }: FaultProxyOptions): Promise<FaultProxy> {
  const requests: ProxiedRequest[] = [];
  const connections = new Set<Socket>();
  const frozen = new Gate();
  let decide: FaultPlan | undefined;
  let told: Parameters<FaultProxy['onAnswer']>[0];

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = describe(incoming);
    requests.push(request);
    const fault = await decide?.(request);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'reset') return void incoming.socket.resetAndDestroy();
    if (fault?.kind === 'answer') return answerWith(outgoing, fault);
    if (fault?.kind === 'delay') await delay(fault.ms);
    const answer = await forward(target, incoming, outgoing);
    await told?.(request, answer.statusCode ?? 0);
    if (fault?.kind === 'reset-after') {
      answer.destroy();
      return void incoming.socket.resetAndDestroy();
    }
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.flushHeaders();
    for await (const part of answer) {
      await frozen.open();
      outgoing.write(part);
    }
    outgoing.end();
  };

  const server = http.createServer((incoming, outgoing) => {
    // The server went away, or the client: either way the other one sees a broken connection.
    handle(incoming, outgoing).catch(() => incoming.socket.resetAndDestroy());
  });
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): number => {
    const count = connections.size;
    for (const socket of connections) socket.resetAndDestroy();
    return count;
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    plan: (next) => {
      decide = next;
    },
    onAnswer: (next) => {
      told = next;
    },
    cut,
    freeze: (on) => frozen.set(!on),
    close: async () => {
      frozen.set(true);
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

/** Lets pass while it is open. */
class Gate {
  #waiting: (() => void)[] = [];
  #isOpen = true;

  set(isOpen: boolean): void {
    this.#isOpen = isOpen;
    if (isOpen) for (const pass of this.#waiting.splice(0)) pass();
  }

  async open(): Promise<void> {
    if (!this.#isOpen) await new Promise<void>((pass) => this.#waiting.push(pass));
  }
}

function describe(incoming: IncomingMessage): ProxiedRequest {
  const { method = 'GET', url: path = '/' } = incoming;
  const watch = /[?&]watch=(true|1)/.test(path);
  return { method, path, watch, write: method !== 'GET' && method !== 'HEAD' };
}

/** Sends the request on; its end is the end of the other side's connection too. */
async function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse) {
  const url = new URL(target + incoming.url);
  const options = { method: incoming.method, headers: { ...incoming.headers, host: url.host }, agent: false };
  const sending =
    url.protocol === 'https:'
      ? https.request(url, { ...options, rejectUnauthorized: false })
      : http.request(url, options);
  outgoing.on('close', () => sending.destroy());
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.on('response', resolve);
    sending.on('error', reject);
  });
  incoming.pipe(sending);
  return await answered;
}

function answerWith(outgoing: ServerResponse, fault: Extract<Fault, { kind: 'answer' }>): void {
  const { status, reason = 'Injected', retryAfterSeconds } = fault;
  if (retryAfterSeconds !== undefined) outgoing.setHeader('Retry-After', String(retryAfterSeconds));
  outgoing.writeHead(status, { 'Content-Type': 'application/json' });
  const message = 'injected by a test';
  outgoing.end(
    JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message }),
  );
}
