import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import type { FuzzAnswer, LiveGarbage, RawRequest, WrittenRequest } from './fuzz-request.ts';

const patienceMs = 30_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Where the gateway listens, and a token for live connections. */
export interface Target {
  readonly port: number;
  readonly token: string;
}

/** Sends a request by a real client. A connection that is cut gives status 0; no answer at all rejects. */
export function sendWritten(
  { port }: Target,
  { method, path, headers, body }: WrittenRequest,
): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { 'content-length': String(body.length) };
    const sent = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: { host: 'localhost', ...headers, ...length },
        timeout: patienceMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? '',
            body: text,
          });
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${patienceMs / 1000} s`)));
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        resolve({ status: 0, contentType: '', body: '' });
      else reject(error);
    });
    sent.end(body ?? undefined);
  });
}

/** Sends bytes and no more; gives back all that comes, headers included. Rejects when the connection is not closed. */
export function sendRaw({ port }: Target, { bytes }: RawRequest): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.end(bytes));
    socket.setTimeout(patienceMs, () =>
      socket.destroy(new Error(`not closed within ${patienceMs / 1000} s`)),
    );
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => {
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0);
      const contentType = /^content-type: *(.*?)\r$/im.exec(text)?.[1] ?? '';
      resolve({ status, contentType, body: text });
    });
  });
}

const listenMs = 50;

/** Opens a live connection, sends frames, and closes it. Status 101 when it was opened. */
export function sendLive({ port, token }: Target, { frames, known }: LiveGarbage): Promise<FuzzAnswer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
    const late = setTimeout(
      () => reject(new Error(`no live connection within ${patienceMs / 1000} s`)),
      patienceMs,
    );
    let isOpen = false;
    const end = (): void => {
      clearTimeout(late);
      socket.close();
      resolve({ status: isOpen ? 101 : 0, contentType: '', body: '' });
    };
    socket.addEventListener('open', () => {
      isOpen = true;
      socket.send(`40${known ? JSON.stringify({ token }) : '{"token":"x"}'}`);
      for (const frame of frames) if (socket.readyState === WebSocket.OPEN) socket.send(frame as string);
      setTimeout(end, listenMs);
    });
    socket.addEventListener('close', end);
    socket.addEventListener('error', () => undefined);
  });
}

/** Closes connections that are kept. */
export function closeConnections(): void {
  agent.destroy();
}
