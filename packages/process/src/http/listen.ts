import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from '../start-error.ts';

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no new connections, lets requests in flight finish for at most `graceMs` (default 5 s), then cuts. */
  close(graceMs?: number): Promise<void>;
}

/** Listens; port 0 takes a free one. Throws `StartError` with one clear sentence. */
export async function listen(server: Server, address: { host: string; port: number }): Promise<Listening> {
  const { host } = address;
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(new StartError(sentence(error, address)));
    server.once('error', refuse);
    server.listen(address.port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: (graceMs = 5000) => close(server, graceMs),
  };
}

function sentence(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use by another program: stop it, or choose another port with VERDICT_PORT.`;
    case 'EACCES':
      return `Port ${port} on ${host} may not be used by this user: choose one above 1023 with VERDICT_PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine: check VERDICT_HOST.`;
    default:
      return `Cannot listen on ${host}:${port}: ${error.message}`;
  }
}

async function close(server: Server, graceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 100);
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
