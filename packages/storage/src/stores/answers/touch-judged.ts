import type { Queries } from '../../database/open-database.ts';
import { changeChannel } from '../tell-change.ts';

/** More are left to whoever reads by itself: the change feed is no place for more at once. */
const mostTold = 5000;

/**
 * What a person said in this time counts otherwise than before: whoever asks for changes since a cursor gets the
 * anomalies, and the change feed tells of their verdicts.
 */
export async function touchJudged(
  queries: Queries,
  { person, fromMs, untilMs }: { person: string; fromMs: number; untilMs: number },
): Promise<void> {
  const touched = await queries.query<{ id: string }>(
    `UPDATE anomaly SET changed_xid = pg_current_xact_id()
      WHERE id IN (SELECT anomaly_id FROM feedback_event WHERE person = $1 AND at_ms BETWEEN $2 AND $3)
      RETURNING id`,
    [person, fromMs, untilMs],
  );
  await queries.query(
    `SELECT pg_notify($1, json_build_object('topic', 'feedback', 'anomalyId', id)::text) FROM unnest($2::text[]) AS id`,
    [changeChannel, touched.slice(0, mostTold).map(({ id }) => id)],
  );
}
