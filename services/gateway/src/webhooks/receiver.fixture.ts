import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a receiver got. */
export interface ReceivedMessage {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** By `performance.now()`. */
  readonly atMs: number;
}

/** How a receiver answers: with a status, a redirect, never, or with a body without end; after a while or at once. */
export type Behaviour =
  | {
      readonly status: number;
      readonly afterMs?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | 'hang'
  | 'flood';

/** Somebody else's server on 127.0.0.1. */
export interface Receiver {
  readonly url: string;
  readonly messages: ReceivedMessage[];
  /** From the next request on. */
  behave(how: Behaviour): void;
  /** Bytes that were written of answers without end. */
  flooded(): number;
  close(): Promise<void>;
}

/** Starts one that answers well. */
export async function startReceiver(): Promise<Receiver> {
  let behaviour: Behaviour = { status: 204 };
  let flooded = 0;
  const messages: ReceivedMessage[] = [];
  const flood = (response: ServerResponse): void => {
    const chunk = Buffer.alloc(16 * 1024);
    const more = (): void => {
      if (response.destroyed) return;
      flooded += chunk.length;
      if (response.write(chunk)) setImmediate(more);
      else response.once('drain', more);
    };
    response.writeHead(200);
    more();
  };
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      messages.push({ path: request.url ?? '', headers: request.headers, body, atMs: performance.now() });
      if (behaviour === 'hang') return;
      if (behaviour === 'flood') flood(response);
      else {
        const { status, afterMs = 0, headers = {} } = behaviour;
        setTimeout(() => response.writeHead(status, headers).end(), afterMs);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    messages,
    behave(how) {
      behaviour = how;
    },
    flooded: () => flooded,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
