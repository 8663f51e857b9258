import type { FeedbackEvent } from '@verdict/contracts';
import type { Database, Queries } from '../database/open-database.ts';
import type { FeedbackStore } from '../ports/query-stores.ts';
import { type VerdictRow, verdictOf } from './anomaly/anomaly-row.ts';
import { uncounted } from './answers/held-back.ts';
import { assertEpoch } from './partition/assert-epoch.ts';
import { writeDeadLetters } from './partition/write-dead-letters.ts';
import { tellChange } from './tell-change.ts';
import { writeMissedReports } from './write-missed-reports.ts';

/** Verdicts on PostgreSQL. */
export function postgresFeedbackStore(db: Database): FeedbackStore {
  return {
    record: (request) => db.transaction((queries) => record(queries, request)),
    checkpoint: async (group, partition) => {
      const [row] = await db.query<{ checkpoint: number }>(
        'SELECT checkpoint FROM lease WHERE grp = $1 AND partition = $2',
        [group, partition],
      );
      return row?.checkpoint ?? -1;
    },
    current: async (anomalyId) => {
      const rows = await db.query<VerdictRow>(
        `SELECT person, verdict, reason, comment, at_ms, ${uncounted('f')} AS uncounted FROM feedback_current f
          WHERE anomaly_id = $1 AND verdict <> 'withdrawn' ORDER BY at_ms, person`,
        [anomalyId],
      );
      return rows.map(verdictOf);
    },
  };
}

type RecordRequest = Parameters<FeedbackStore['record']>[0];

async function record(queries: Queries, request: RecordRequest): Promise<void> {
  const before = await assertEpoch(queries, request);
  if (request.checkpoint < before.checkpoint)
    throw new RangeError(`the feedback checkpoint cannot go back from ${before.checkpoint}`);
  await queries.query('UPDATE lease SET checkpoint = $3, attempts = 0 WHERE grp = $1 AND partition = $2', [
    request.group,
    request.partition,
    request.checkpoint,
  ]);
  const fresh = await appendEvents(queries, request);
  await setCurrent(queries, fresh);
  await writeMissedReports(queries, request.missed);
  const touched = [...new Set(fresh.map((event) => event.anomalyId))].sort();
  if (touched.length > 0)
    // So that who asks for changes since a cursor gets the verdict too.
    await queries.query('UPDATE anomaly SET changed_xid = pg_current_xact_id() WHERE id = ANY($1)', [
      touched,
    ]);
  for (const anomalyId of touched) await tellChange(queries, { topic: 'feedback', anomalyId });
  await writeDeadLetters(
    queries,
    request,
    request.undecodable.map((letter) => ({
      ...letter,
      series: null,
      timeMs: null,
      reason: 'undecodable' as const,
    })),
  );
}

/** Adds events to the history; resolves with those that were not there yet, in order. */
async function appendEvents(queries: Queries, request: RecordRequest): Promise<FeedbackEvent[]> {
  const { events } = request;
  if (events.length === 0) return [];
  const added = await queries.query<{ feedback_id: string }>(
    `INSERT INTO feedback_event (grp, partition, feedback_id, sequence, anomaly_id, person, verdict, reason,
                                 comment, at_ms, teaches)
     SELECT $1, $2, e.* FROM unnest($3::uuid[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[],
                                    $9::text[], $10::bigint[], $11::boolean[]) AS e
     ON CONFLICT (feedback_id) DO NOTHING RETURNING feedback_id`,
    [
      request.group,
      request.partition,
      events.map(({ event }) => event.feedbackId),
      events.map(({ sequence }) => sequence),
      ...eventColumns(events.map(({ event }) => event)),
    ],
  );
  const fresh = new Set(added.map((row) => row.feedback_id));
  // The same event twice in one batch counts once; the first is the one that was added.
  return events.map(({ event }) => event).filter((event) => fresh.delete(event.feedbackId.toLowerCase()));
}

/** The last event of each person on each anomaly becomes the current one. */
async function setCurrent(queries: Queries, events: readonly FeedbackEvent[]): Promise<void> {
  if (events.length === 0) return;
  const last = new Map(events.map((event) => [`${event.anomalyId}\n${event.person}`, event]));
  await queries.query(
    `INSERT INTO feedback_current (anomaly_id, person, verdict, reason, comment, at_ms, teaches)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::boolean[])
     ON CONFLICT (anomaly_id, person) DO UPDATE
        SET verdict = excluded.verdict, reason = excluded.reason, comment = excluded.comment,
            at_ms = excluded.at_ms, teaches = excluded.teaches`,
    eventColumns([...last.values()]),
  );
}

function eventColumns(events: readonly FeedbackEvent[]): unknown[] {
  return [
    events.map((event) => event.anomalyId),
    events.map((event) => event.person),
    events.map((event) => event.verdict),
    events.map((event) => event.reason?.replaceAll('\0', '') ?? null),
    events.map((event) => event.comment?.replaceAll('\0', '') ?? null),
    events.map((event) => event.at),
    events.map((event) => event.teaches ?? true),
  ];
}
