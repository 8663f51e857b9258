import type { Flood, FloodReview, FloodsQuery } from '@verdict/contracts';
import type { Queries } from '../../database/open-database.ts';
import { touchJudged } from './touch-judged.ts';

interface FloodRow {
  readonly id: string;
  readonly person: string;
  readonly from_ms: number;
  readonly until_ms: number;
  readonly per_minute: number;
  readonly limit_per_minute: number;
  readonly usual_per_minute: number | null;
  readonly state: Flood['state'];
  readonly said_true: number;
  readonly said_false: number;
  readonly withdrawn: number;
  readonly missed: number;
  readonly reviewed_by: string | null;
  readonly reviewed_at_ms: number | null;
  readonly note: string | null;
}

const inFlood = (of: string) => `${of}.person = f.person AND ${of}.at_ms BETWEEN f.from_ms AND f.until_ms`;
/** From `answer_flood f`, with what was recorded in it. */
const selectFloods = `
  SELECT f.*, said.*, (SELECT count(*)::int FROM missed_report m WHERE ${inFlood('m')}) AS missed
    FROM answer_flood f
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE e.verdict = 'true')::int AS said_true,
             count(*) FILTER (WHERE e.verdict = 'false')::int AS said_false,
             count(*) FILTER (WHERE e.verdict = 'withdrawn')::int AS withdrawn
        FROM feedback_event e WHERE ${inFlood('e')}) said`;

/** Floods, newest first. */
export async function readFloods(queries: Queries, { state, limit }: FloodsQuery): Promise<Flood[]> {
  const rows = await queries.query<FloodRow>(
    `${selectFloods} WHERE $1::text IS NULL OR f.state = $1 ORDER BY f.from_ms DESC, f.id LIMIT $2`,
    [state ?? null, limit],
  );
  return rows.map(floodOf);
}

/** Decides about an open flood; see `AnswerStore.review`. */
export async function reviewFlood(
  queries: Queries,
  id: string,
  { decision, note, by, atMs }: FloodReview & { by: string; atMs: number },
): Promise<{ flood: Flood; changed: boolean } | null> {
  const state = decision === 'accept' ? 'accepted' : 'discarded';
  const [row] = await queries.query<{ person: string; from_ms: number; until_ms: number }>(
    `UPDATE answer_flood SET state = $2, reviewed_by = $3, reviewed_at_ms = $4, note = $5,
            until_ms = greatest(from_ms, least(until_ms, $4)),
            reviewed_answers = (SELECT p.answers FROM answer_pace p
                                 WHERE p.person = answer_flood.person AND p.slot_ms = least(until_ms, $4) / 10000 * 10000)
      WHERE id = $1 AND state = 'open' RETURNING person, from_ms, until_ms`,
    [id, state, by, atMs, note ?? null],
  );
  if (row) {
    await queries.query(
      'INSERT INTO feedback_audit (at_ms, person, action, subject, detail) VALUES ($1, $2, $3, $4, $5)',
      [atMs, by, `flood-${state}`, id, note ?? `the answers of ${row.person}`],
    );
    await touchJudged(queries, { person: row.person, fromMs: row.from_ms, untilMs: row.until_ms });
  }
  const [found] = await queries.query<FloodRow>(`${selectFloods} WHERE f.id = $1`, [id]);
  return found === undefined ? null : { flood: floodOf(found), changed: row !== undefined };
}

function floodOf(row: FloodRow): Flood {
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    id: row.id,
    person: row.person,
    from: iso(row.from_ms),
    until: iso(row.until_ms),
    perMinute: row.per_minute,
    limit: row.limit_per_minute,
    usual: row.usual_per_minute,
    state: row.state,
    answers: { true: row.said_true, false: row.said_false, withdrawn: row.withdrawn, missed: row.missed },
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at_ms === null ? null : iso(row.reviewed_at_ms),
    note: row.note,
  };
}
