import type { DeadLetterDetail, DeadLetterView } from '@verdict/contracts';
import { fittingTable, shownTime, textTable } from './table.ts';

/** Dead letters as a table; times in UTC. */
export function deadLettersTable(letters: readonly DeadLetterView[]): string {
  if (letters.length === 0) return 'There are no such dead letters.';
  return fittingTable(
    ['ID', 'NOTED', 'REASON', 'STATE', 'POOL', 'SERIES', 'TIME', 'WHY'],
    letters.map(({ id, notedAt, reason, state, pool, series, time, detail }) => [
      String(id),
      shownTime(notedAt),
      reason,
      state,
      pool,
      series ?? '-',
      shownTime(time),
      detail,
    ]),
  );
}

/** Everything about one, with the readings that it holds; times in UTC. */
export function deadLetterText(letter: DeadLetterDetail): string {
  const { id, pool, partition, sequence, reason, detail, bytes, notedAt, replayedAt, replayedBy } = letter;
  const lines = [
    `Dead letter ${id}: ${reason}, ${detail}`,
    `Event ${sequence} of partition ${partition}, put aside by ${pool} at ${shownTime(notedAt)}, ${bytes} bytes.`,
    replayedAt === null ? 'It waits.' : `Replayed by ${replayedBy} at ${shownTime(replayedAt)}.`,
  ];
  const { readings } = letter;
  if (readings === null) return [...lines, 'It holds no readings that can be read.'].join('\n');
  const table = textTable(
    ['SERIES', 'TIME', 'VALUES'],
    readings.map(({ series, time, values }) => [
      series,
      shownTime(time),
      Object.entries(values)
        .map(([signal, value]) => `${signal}=${value ?? '-'}`)
        .join(' '),
    ]),
  );
  return [...lines, table].join('\n');
}
