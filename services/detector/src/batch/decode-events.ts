import type { DeadLetter } from '@verdict/storage';
import { decodeReadings, type ReadingBlock, type ReceivedEvent, UndecodableEvent } from '@verdict/streams';

/** A block of readings and the event that brought it. */
export interface SequencedBlock extends ReadingBlock {
  readonly sequence: number;
}

/** Decodes events in order. One that cannot be decoded becomes a dead letter and holds nothing up. */
export function decodeEvents(events: readonly ReceivedEvent[]): {
  blocks: SequencedBlock[];
  undecodable: DeadLetter[];
} {
  const blocks: SequencedBlock[] = [];
  const undecodable: DeadLetter[] = [];
  for (const { sequence, body } of events) {
    try {
      for (const block of decodeReadings(body)) blocks.push({ ...block, sequence });
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      const what = { series: null, timeMs: null, reason: 'undecodable' } as const;
      undecodable.push({ sequence, ...what, detail: error.message, payload: body });
    }
  }
  return { blocks, undecodable };
}
