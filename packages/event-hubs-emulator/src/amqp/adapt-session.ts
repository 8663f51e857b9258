import type { Session } from 'rhea';
import { type LinkInternals, sessionInternals } from './rhea-internals.ts';

/** Stands for format 0 (one plain message), which rhea would decode: every message reaches us as its bytes. */
export const SINGLE_MESSAGE_FORMAT = 0x7fff_0000;
/** Several messages, each in a data section of an envelope. */
export const BATCH_MESSAGE_FORMAT = 0x8001_3700;

/**
 * Changes three habits of a rhea session: plain messages come undecoded (so that their bytes are kept as they
 * were sent), of a message beyond `maxMessageBytes` only so much is held that its length shows, and
 * `onFlow` hears of every flow frame, also of those for the whole session that rhea tells nobody about.
 */
export function adaptSession(session: Session, maxMessageBytes: number, onFlow: () => void): void {
  const internals = sessionInternals(session);
  const receiveTransfer = internals.on_transfer.bind(session);
  const receiveFlow = internals.on_flow.bind(session);

  internals.on_transfer = (frame) => {
    const incomplete = internals._get_link(frame)._incomplete;
    if (incomplete === undefined) {
      frame.performative.message_format ||= SINGLE_MESSAGE_FORMAT;
    } else if (heldBytes(incomplete) > maxMessageBytes) {
      delete frame.payload;
    }
    receiveTransfer(frame);
  };
  internals.on_flow = (frame) => {
    receiveFlow(frame);
    onFlow();
  };
}

function heldBytes(incomplete: NonNullable<LinkInternals['_incomplete']>): number {
  let bytes = 0;
  for (const frame of incomplete.frames) bytes += frame.length;
  return bytes;
}
