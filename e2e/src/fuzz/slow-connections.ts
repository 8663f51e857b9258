import { connect } from 'node:net';

/** How a slow connection ended. */
export interface SlowEnd {
  readonly what: 'headers' | 'body';
  readonly status: number;
  readonly afterMs: number;
}

const starts = {
  headers: 'POST /auth/token HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  body: 'POST /auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{"a":"',
} as const;
const byteEveryMs = 500;
const patienceMs = 90_000;

/** Where they go, and what closes them before the server does. */
interface SlowTarget {
  readonly port: number;
  readonly signal: AbortSignal;
}

/** Opens connections that send a byte now and then and never come to an end; resolves when all are closed. */
export function slowConnections(target: SlowTarget, ofEach: number): Promise<SlowEnd[]> {
  const all = (['headers', 'body'] as const).flatMap((what) =>
    Array.from({ length: ofEach }, () => slowOne(target, what)),
  );
  return Promise.all(all);
}

function slowOne({ port, signal }: SlowTarget, what: SlowEnd['what']): Promise<SlowEnd> {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', signal }, () => socket.write(starts[what]));
    const dripping = setInterval(() => {
      if (socket.writable) socket.write('x');
    }, byteEveryMs);
    const late = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(dripping);
      clearTimeout(late);
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
      resolve({ what, status, afterMs: performance.now() - startedMs });
    });
  });
}
