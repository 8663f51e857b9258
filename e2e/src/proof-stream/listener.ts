import type { Anomaly, ClientToServer, ServerToClient } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { io, type Socket } from 'socket.io-client';

/** A client of the live hub that behaves as the dashboard does: it reads on from its cursor after a gap. */
export interface Listener {
  /** Newest revision of each anomaly that reached the client. */
  readonly seen: ReadonlyMap<string, Anomaly>;
  readonly connections: () => number;
  /** Reads what is still missing and disconnects. */
  stop(): Promise<void>;
}

/** What else may be heard of a listener, message by message. */
export interface ListenerEvents {
  /** A message of the live hub, whether it is news or not. */
  onMessage?(anomaly: Anomaly): void;
  /** Messages may have been missed, or told twice: a new connection, or the gateway says so. */
  onGap?(): void;
}

export async function startListener(
  url: string,
  client: PlatformClient,
  token: () => Promise<string>,
  events: ListenerEvents = {},
): Promise<Listener> {
  const seen = new Map<string, Anomaly>();
  let cursor: string | null = null;
  let connections = 0;
  let stopped = false;
  let reading: Promise<void> = Promise.resolve();
  const take = (anomaly: Anomaly): void => {
    if ((seen.get(anomaly.id)?.revision ?? 0) < anomaly.revision) seen.set(anomaly.id, anomaly);
  };
  const catchUp = async (): Promise<void> => {
    let next: string | undefined;
    do {
      const page = await client.anomalies({ since: cursor ?? '0', next, limit: 500 });
      for (const anomaly of page.items) take(anomaly);
      next = page.next ?? undefined;
      if (next === undefined) cursor = page.cursor;
    } while (next !== undefined);
  };
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    transports: ['websocket'],
    reconnectionDelayMax: 1000,
    auth: (give) => {
      token().then(
        (value) => give({ token: value }),
        () => give({ token: '' }),
      );
    },
  });
  socket.on('anomaly', ({ anomaly }) => {
    events.onMessage?.(anomaly);
    take(anomaly);
  });
  // Of models, only this is told where nobody changes them: after a gap.
  socket.on('model', ({ event }) => {
    if (event === 'changes may have been missed') events.onGap?.();
  });
  socket.on('connect', () => {
    connections++;
    events.onGap?.();
    // After a failure the next connection, or `stop`, reads on from the same cursor.
    reading = reading.then(catchUp).catch(() => undefined);
  });
  // A refused token is tried again with a new one; other losses socket.io mends by itself.
  socket.on('connect_error', () => setTimeout(() => !stopped && !socket.active && socket.connect(), 500));
  socket.on('disconnect', (reason) => {
    if (reason === 'io server disconnect') socket.connect();
  });
  return {
    seen,
    connections: () => connections,
    async stop() {
      stopped = true;
      await reading;
      socket.disconnect();
    },
  };
}
