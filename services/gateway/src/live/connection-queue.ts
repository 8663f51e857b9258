import type { LiveSocket } from './socket-server.ts';

/**
 * What engine.io and ws keep of a connection and do not show: what waits to be written. The tests of slow clients
 * fail when a release keeps it elsewhere.
 */
interface EngineConnection {
  /** Packets that wait for the transport; emptied by putting a new list in its place. */
  readonly writeBuffer?: readonly { readonly data?: unknown }[];
  readonly transport?: {
    readonly socket?: {
      readonly bufferedAmount?: number;
      readonly _socket?: { resetAndDestroy?(): unknown };
      terminate?(): void;
    };
  };
}

interface Counted {
  readonly buffer: object;
  readonly packets: number;
  readonly bytes: number;
}

const counted = new WeakMap<LiveSocket, Counted>();

/** Bytes that were told to a connection and that its network has not taken yet; about, for what is not ASCII. */
export function queuedBytes(socket: LiveSocket): number {
  const { writeBuffer = [], transport } = connectionOf(socket);
  const written = transport?.socket?.bufferedAmount ?? 0;
  if (writeBuffer.length === 0) return written;
  // A queue only grows until it is taken as a whole: what was counted of it need not be counted again.
  const before = counted.get(socket);
  const known = before !== undefined && before.buffer === writeBuffer ? before : null;
  let bytes = known?.bytes ?? 0;
  for (let index = known?.packets ?? 0; index < writeBuffer.length; index++) {
    const data = writeBuffer[index]?.data;
    if (typeof data === 'string') bytes += data.length;
  }
  counted.set(socket, { buffer: writeBuffer, packets: writeBuffer.length, bytes });
  return written + bytes;
}

/**
 * Ends a connection without a farewell, which would only wait behind everything else: the system forgets at once what
 * it holds for it, and the client connects again by itself when it notices.
 */
export function resetConnection(socket: LiveSocket): void {
  const webSocket = connectionOf(socket).transport?.socket;
  // By long polling there is nothing but our own queue.
  if (webSocket === undefined) socket.disconnect(true);
  webSocket?._socket?.resetAndDestroy?.();
  webSocket?.terminate?.();
}

function connectionOf(socket: LiveSocket): EngineConnection {
  return socket.conn as unknown as EngineConnection;
}
