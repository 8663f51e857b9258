import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How connections are given to gateways: one after the other, or all of one address to the same gateway. */
export type Balancing = 'round robin' | 'by address';

/** One address before several gateways, as a service of Kubernetes or a load balancer is. */
export interface Balancer {
  readonly url: string;
  /** Connections that were given to each gateway, by its port. */
  readonly given: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

/** Starts one on a free port. A gateway that does not take a connection is passed over. */
export async function startBalancer(ports: readonly number[], balancing: Balancing): Promise<Balancer> {
  const open = new Set<Socket>();
  const given = new Map<number, number>();
  let turn = 0;
  const pass = async (client: Socket): Promise<void> => {
    const address = client.remoteAddress ?? '';
    const first = balancing === 'round robin' ? turn++ : Number(address.split('.').at(-1));
    for (let attempt = 0; attempt < ports.length; attempt++) {
      const port = ports[(first + attempt) % ports.length] ?? 0;
      const gateway = connect({ port, host: '127.0.0.1' });
      gateway.on('error', () => gateway.destroy());
      const took = await new Promise<boolean>((resolve) => {
        gateway.once('connect', () => resolve(true));
        gateway.once('close', () => resolve(false));
      });
      if (!took) continue;
      given.set(port, (given.get(port) ?? 0) + 1);
      open.add(gateway);
      client.pipe(gateway).pipe(client);
      // Either side's end is the other's, a broken one too.
      client.on('close', () => gateway.destroy());
      gateway.on('close', () => {
        open.delete(gateway);
        client.destroy();
      });
      return;
    }
    client.destroy();
  };
  const server = createServer((client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => open.delete(client));
    void pass(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    given,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
