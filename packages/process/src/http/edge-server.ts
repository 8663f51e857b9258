import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { edgeLimits } from './edge-limits.ts';
import { HttpProblem } from './http-problem.ts';

/**
 * A server for an app of `createHttpApp`, with limits on headers and on the time that a request may take to come in.
 * What is no HTTP is refused with problem+json too, and its connection closed: nobody knows where the next request
 * on it would begin.
 */
export function createEdgeServer(app: RequestListener, options: ServerOptions = {}): Server {
  const server = createServer(
    {
      maxHeaderSize: edgeLimits.headerBytes,
      headersTimeout: edgeLimits.headersMs,
      requestTimeout: edgeLimits.requestMs,
      connectionsCheckingInterval: edgeLimits.checkEveryMs,
      keepAliveTimeout: edgeLimits.idleMs,
      // The app refuses a missing Host itself, and says so.
      requireHostHeader: false,
      ...options,
    },
    app,
  );
  const newest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => newest.set(request.socket, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const response = newest.get(socket);
    // Half an answer is out: whatever were written now would be taken for its rest.
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) socket.destroy();
    else socket.end(asText(problemOf(error)), () => socket.destroy());
  });
  server.on('checkExpectation', (_request, response) => {
    const problem = new HttpProblem(417, { detail: 'Of Expect only 100-continue is understood.' });
    response.writeHead(417, { 'Content-Type': 'application/problem+json', Connection: 'close' });
    response.end(JSON.stringify(problem.body()));
  });
  return server;
}

function problemOf({ code }: NodeJS.ErrnoException): HttpProblem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new HttpProblem(431, {
        detail: `The headers are too large: at most ${edgeLimits.headerBytes} bytes are taken.`,
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new HttpProblem(408, { detail: 'The request did not come in time.' });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new HttpProblem(413, { detail: 'The extensions of the chunks are too large.' });
    default:
      return new HttpProblem(400, { detail: `This is no HTTP request (${code ?? 'unreadable'}).` });
  }
}

function asText(problem: HttpProblem): string {
  const body = JSON.stringify(problem.body());
  return [
    `HTTP/1.1 ${problem.status} ${problem.body().title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
