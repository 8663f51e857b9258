import { createServer } from 'node:net';
import { StartError } from '@verdict/process';

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  return listenOnce('127.0.0.1', 0);
}

/** Throws a `StartError` when the port cannot be listened on. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  await listenOnce(host, port);
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => reject(inWords(error, host, port)));
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object'
          ? resolve(address.port)
          : reject(new Error(`no address for ${host}:${port}`)),
      );
    });
  });
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartError(`Port ${port} on ${host} is in use. Free it, or set VERDICT_PORT to another one.`);
  if (error.code === 'EACCES')
    return new StartError(
      `Port ${port} on ${host} may not be used by this user. Set VERDICT_PORT to one above 1023.`,
    );
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartError(`VERDICT_HOST ${host} is not an address of this computer.`);
  return error;
}
