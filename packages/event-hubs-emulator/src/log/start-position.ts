import { EVENT_PREFIX_BYTES, messagesOf } from './batch-record.ts';
import type { OpenLogFile } from './log-file.ts';
import type { PartitionLog } from './partition-log.ts';
import { scanBatches } from './scan-batches.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

/** Where a reader begins. `inclusive`: with the event of that very value, else behind it. */
export type StartPosition =
  | { from: 'earliest' }
  | { from: 'latest' }
  | { from: 'offset' | 'sequence' | 'enqueuedAtMs'; value: number; inclusive: boolean };

/** A position behind the end of the partition, as after its hub was made anew. */
export class InvalidPosition extends Error {
  override name = 'InvalidPosition';
}

/** The sequence number of the first event to deliver; it may not exist yet, or be dropped already. */
export async function locate(
  log: PartitionLog,
  start: StartPosition,
  openFile: OpenLogFile,
): Promise<number> {
  const { beginningSequenceNumber, lastSequenceNumber, lastOffset } = log.state;
  if (start.from === 'earliest') return beginningSequenceNumber;
  if (start.from === 'latest') return lastSequenceNumber + 1;
  const { value, inclusive } = start;
  if (start.from === 'sequence') {
    refuseBehind('sequence number', value, lastSequenceNumber);
    return Math.max(inclusive ? value : value + 1, beginningSequenceNumber);
  }
  if (start.from === 'offset') refuseBehind('offset', value, lastOffset);
  const wanted = (place: number): boolean => (inclusive ? place >= value : place > value);
  const segment = log.segments.find((candidate) =>
    wanted(start.from === 'offset' ? candidate.lastOffset : candidate.lastEnqueuedAtMs),
  );
  if (segment === undefined || segment.isEmpty) return lastSequenceNumber + 1;
  try {
    return await search(segment, openFile, { field: start.from, value, wanted });
  } catch (error) {
    const wasDropped = !log.segments.includes(segment);
    if (!wasDropped || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return log.state.beginningSequenceNumber;
  }
}

interface Goal {
  field: 'offset' | 'enqueuedAtMs';
  value: number;
  wanted(place: number): boolean;
}

async function search(segment: Segment, openFile: OpenLogFile, goal: Goal): Promise<number> {
  // Events of one time may fill many batches: for an inclusive search begin before the first of them.
  const floor = segment.index.floor(goal.field, goal.field === 'offset' ? goal.value : goal.value - 1);
  const file = await openFile(segment.path, 'read');
  try {
    const range = { from: floor ?? SEGMENT_HEADER_BYTES, to: segment.end };
    for await (const { header, record } of scanBatches(file, range)) {
      if (goal.field === 'enqueuedAtMs') {
        if (goal.wanted(header.enqueuedAtMs)) return header.firstSequence;
        continue;
      }
      let sequence = header.firstSequence;
      let offset = header.firstOffset;
      for (const message of messagesOf(record)) {
        if (goal.wanted(offset)) return sequence;
        sequence += 1;
        offset += EVENT_PREFIX_BYTES + message.length;
      }
    }
    return segment.nextSequence;
  } finally {
    await file.close();
  }
}

function refuseBehind(what: string, value: number, last: number): void {
  if (value > last && value >= 0) {
    throw new InvalidPosition(
      `The supplied ${what} '${value}' is invalid. The last ${what} in the system is '${last}'.`,
    );
  }
}
