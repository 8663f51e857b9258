import type { Socket } from 'node:net';
import type { Connection, Receiver, Sender, Session } from 'rhea';

/**
 * The parts of rhea 3.0.5 that its typings leave out and this server needs, gathered here so that a new
 * version of rhea is checked against one file.
 */
export interface ConnectionInternals {
  /** Serves a socket that is already accepted. */
  accept(socket: Socket): void;
  /** Has rhea look in this tick for what there is to write. */
  _register(): void;
  /** Ends a connection whose peer no longer answers, and its timers with it. */
  abort_socket(socket: Socket): void;
  /** Size of the frame that is being received. */
  frame_size?: number;
  socket: Socket;
}

export interface TransferFrame {
  performative: { handle: number; message_format?: number };
  payload?: Buffer;
}

export interface SessionInternals {
  on_transfer(frame: TransferFrame): void;
  on_flow(frame: unknown): void;
  _get_link(frame: TransferFrame): LinkInternals;
  outgoing: {
    next_delivery_id: number;
    next_pending_delivery: number;
    available(): number;
  };
}

export interface LinkInternals {
  _incomplete?: { frames: Buffer[] } | undefined;
  credit: number;
  local: { attach: Record<string, unknown> };
}

export const connectionInternals = (connection: Connection): ConnectionInternals =>
  connection as unknown as ConnectionInternals;
export const sessionInternals = (session: Session): SessionInternals =>
  session as unknown as SessionInternals;
export const linkInternals = (link: Sender | Receiver): LinkInternals => link as unknown as LinkInternals;
