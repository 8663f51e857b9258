import type { DisconnectReason } from 'socket.io';

/** Why a live connection ended. */
export const connectionEnds = [
  /** The client closed it, or its network did. */
  'left',
  /** No sign of life for 45 s. */
  'silent',
  /** An error of the network, or a message that none of ours sends. */
  'broken',
  /** Too much waited for it. */
  'slow',
  /** Its token expired, and no newer one was sent. */
  'expired',
  /** Its log-in was ended. */
  'revoked',
  /** The gateway stops. */
  'stopped',
] as const;
export type ConnectionEnd = (typeof connectionEnds)[number];

const ends: Record<DisconnectReason, ConnectionEnd> = {
  'client namespace disconnect': 'left',
  'transport close': 'left',
  'ping timeout': 'silent',
  'transport error': 'broken',
  'parse error': 'broken',
  'forced close': 'stopped',
  'forced server close': 'stopped',
  'server namespace disconnect': 'stopped',
  'server shutting down': 'stopped',
};

/** For ends that were not our decision about this one connection. */
export function connectionEnd(reason: DisconnectReason): ConnectionEnd {
  return ends[reason];
}
