import type { DeadLetter } from '@verdict/storage';
import { decodeReadings, type ReadingBlock, type ReceivedEvent, UndecodableEvent } from '@verdict/streams';

/** A block of readings and the event that brought it. */
export interface SequencedBlock extends ReadingBlock {
  readonly sequence: number;
}

/** Times that history can file: its tables are named by days of the years 1970 to 9999. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Decodes events in order. One that cannot be decoded, or whose times cannot be kept, becomes a dead letter and holds nothing up. */
export function decodeEvents(events: readonly ReceivedEvent[]): {
  blocks: SequencedBlock[];
  undecodable: DeadLetter[];
} {
  const blocks: SequencedBlock[] = [];
  const undecodable: DeadLetter[] = [];
  for (const { sequence, body } of events) {
    try {
      const decoded = decodeReadings(body);
      for (const block of decoded) assertTimesCanBeKept(block);
      for (const block of decoded) blocks.push({ ...block, sequence });
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      const what = { series: null, timeMs: null, reason: 'undecodable' } as const;
      undecodable.push({ sequence, ...what, detail: error.message, payload: body });
    }
  }
  return { blocks, undecodable };
}

/** Nothing but a sender that goes past the gateway gets here with such times. Throws `UndecodableEvent`. */
function assertTimesCanBeKept({ series, times }: ReadingBlock): void {
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 0;
  if (first < 0 || last > latestMs)
    throw new UndecodableEvent(`block of ${series}: a time outside of the years 1970 to 9999`);
}
