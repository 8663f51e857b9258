import type { DeadLetter } from '@verdict/storage';
import { type GatheredBlock, ReadingColumns, type ReceivedEvent, UndecodableEvent } from '@verdict/streams';

/** Times that history can file: its tables are named by days of the years 1970 to 9999. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Decodes events, and gathers their readings series by series. One that cannot be decoded, or whose times cannot be kept,
 * becomes a dead letter and holds nothing up.
 */
export function decodeEvents(events: readonly ReceivedEvent[]): {
  blocks: GatheredBlock[];
  undecodable: DeadLetter[];
} {
  const columns = new ReadingColumns({ firstMs: 0, lastMs: latestMs });
  const undecodable: DeadLetter[] = [];
  for (const { sequence, body } of events) {
    try {
      columns.add(body, sequence);
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      const what = { series: null, timeMs: null, reason: 'undecodable' } as const;
      undecodable.push({ sequence, ...what, detail: error.message, payload: body });
    }
  }
  return { blocks: columns.blocks(), undecodable };
}
