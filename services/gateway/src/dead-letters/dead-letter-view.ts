import type { DeadLetterDetail, DeadLetterView } from '@verdict/contracts';
import type { DeadLetterRow, FullDeadLetter } from '@verdict/storage';
import { letterContent } from './letter-content.ts';

const mostReadings = 100;
const mostBytes = 32 * 1024;

/** A dead letter as the API shows it. */
export function deadLetterView(row: DeadLetterRow): DeadLetterView {
  const { id, pool, partition, sequence, series, reason, detail, bytes, replayedBy } = row;
  return {
    id,
    pool,
    partition,
    sequence,
    series,
    time: isoOrNull(row.timeMs),
    reason,
    detail,
    bytes,
    notedAt: new Date(row.notedAtMs).toISOString(),
    state: row.replayedAtMs === null ? 'waiting' : 'replayed',
    replayedAt: isoOrNull(row.replayedAtMs),
    replayedBy,
  };
}

/** With what it holds, as far as it can be shown. */
export function deadLetterDetail(letter: FullDeadLetter): DeadLetterDetail {
  const content = letterContent(letter);
  const readings =
    content.kind !== 'readings'
      ? null
      : content.readings.slice(0, mostReadings).map(({ series, time, values }) => ({
          series,
          time: new Date(time).toISOString(),
          values,
        }));
  const payload = Buffer.from(letter.payload.subarray(0, mostBytes)).toString('base64');
  return { ...deadLetterView(letter), readings, payload };
}

function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
