import { createServer, type Server } from 'node:net';
import { StartError } from '@verdict/process';

/** Throws a `StartError` when the port cannot be listened on. */
export async function assertPortFree(host: string, port: number): Promise<void> {
  await close(await listen(host, port));
}

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => reject(inWords(error, host, port)));
    server.listen(port, host, () => resolve(server));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new StartError(`Port ${port} on ${host} is in use. Free it, or set VERDICT_PORT to another one.`);
  if (error.code === 'EACCES')
    return new StartError(
      `Port ${port} on ${host} may not be used by this user. Set VERDICT_PORT to one above 1023.`,
    );
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(error.code ?? ''))
    return new StartError(`VERDICT_HOST ${host} is not an address of this computer.`);
  return new StartError(`Port ${port} on ${host} cannot be listened on: ${error.message}`);
}
