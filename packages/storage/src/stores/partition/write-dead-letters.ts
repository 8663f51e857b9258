import type { Queries } from '../../database/open-database.ts';
import type { DeadLetter } from '../../ports/partition-store.ts';

/** Keeps what cannot be used; what was kept before (a redelivery) changes nothing. */
export async function writeDeadLetters(
  queries: Queries,
  from: { group: string; partition: string },
  letters: readonly DeadLetter[],
): Promise<void> {
  if (letters.length === 0) return;
  await queries.query(
    `INSERT INTO dead_letter (pool, partition, sequence, series, time_ms, reason, detail, payload)
     SELECT $1, $2, d.* FROM unnest($3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bytea[]) AS d
     ON CONFLICT (pool, partition, sequence, series, time_ms) DO NOTHING`,
    [
      from.group,
      from.partition,
      letters.map((letter) => letter.sequence),
      letters.map((letter) => letter.series),
      letters.map((letter) => letter.timeMs),
      letters.map((letter) => letter.reason),
      letters.map((letter) => letter.detail.replaceAll('\0', '')),
      letters.map((letter) => letter.payload),
    ],
  );
}
