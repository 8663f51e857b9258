import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Where ports are drawn from. Systems take the local ends of connections, and what is asked for as port 0, from above
 * (Linux from 32768, others from 49152): a port from there may be gone again by the time that a program listens on it.
 */
const lowest = 15_000;
const behindHighest = 32_000;
const mostTries = 200;

/** Ports of 127.0.0.1 that are free now, all different, and that no connection takes by chance. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  try {
    for (let tries = 0; held.size < count; tries += 1) {
      if (tries >= mostTries + count) throw new Error(`no ${count} free ports were found on 127.0.0.1`);
      const port = randomInt(lowest, behindHighest);
      const server = held.has(port) ? null : await listen(port);
      if (server !== null) held.set(port, server);
    }
    return [...held.keys()];
  } finally {
    await Promise.all([...held.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

/** Null when it cannot be listened on. */
function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
