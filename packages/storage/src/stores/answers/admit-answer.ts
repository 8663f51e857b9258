import type { Queries } from '../../database/open-database.ts';
import type { AnswerAdmission, AnswerFacts, AnswerRuling } from '../../ports/answer-store.ts';
import { touchJudged } from './touch-judged.ts';

const slotMs = 10_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const historyMs = 30 * dayMs;

/** See `AnswerStore.admit`. */
interface Request {
  readonly person: string;
  readonly atMs: number;
  readonly historyAbove: number;
  readonly holdMs: number;
}

/** Which ten seconds an answer is counted in. */
export function slotOf(atMs: number): number {
  return Math.floor(atMs / slotMs) * slotMs;
}

/** Counts an answer as `rule` says; of one person one at a time, so that two gateways do not look past each other. */
export async function admitAnswer<Refusal>(
  queries: Queries,
  request: Request & { readonly rule: (facts: AnswerFacts) => AnswerRuling<Refusal> },
): Promise<AnswerAdmission<Refusal>> {
  const { person, atMs, rule } = request;
  await queries.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [`answers of ${person}`]);
  const [last] = await queries.query<Reviewed>(
    `SELECT until_ms AS "untilMs", coalesce(reviewed_answers, 0) AS answers FROM answer_flood
      WHERE person = $1 AND state <> 'open' AND from_ms <= $2 ORDER BY until_ms DESC LIMIT 1`,
    [person, atMs],
  );
  const reviewed = last ?? { untilMs: -1, answers: 0 };
  const facts = await factsOf(queries, request, reviewed);
  const ruling = rule(facts);
  if ('refusal' in ruling) return ruling;
  await queries.query(
    `INSERT INTO answer_pace (person, slot_ms, answers) VALUES ($1, $2, 1)
     ON CONFLICT (person, slot_ms) DO UPDATE SET answers = answer_pace.answers + 1`,
    [person, slotOf(atMs)],
  );
  return ruling.flood === null
    ? openFlood(queries, person, atMs)
    : noteFlood(queries, request, {
        ...ruling.flood,
        lastMinute: facts.lastMinute,
        reviewedMs: reviewed.untilMs,
      });
}

/** The end of the last flood that was reviewed, and what its last ten seconds counted then. */
interface Reviewed {
  readonly untilMs: number;
  readonly answers: number;
}

async function factsOf(
  queries: Queries,
  { person, atMs, historyAbove }: Request,
  reviewed: Reviewed,
): Promise<AnswerFacts> {
  const [sums] = await queries.query<{
    minute: number;
    hour: number;
    day: number;
    hour_ms: number;
    day_ms: number;
  }>(
    `SELECT coalesce(sum(answers) FILTER (WHERE slot_ms > $2::bigint - ${minuteMs} AND slot_ms >= $3), 0)::int
              - CASE WHEN $3::bigint > $2::bigint - ${minuteMs} THEN $4::int ELSE 0 END AS minute,
            coalesce(sum(answers) FILTER (WHERE slot_ms > $2::bigint - ${hourMs}), 0)::int AS hour,
            coalesce(sum(answers), 0)::int AS day,
            coalesce(min(slot_ms) FILTER (WHERE slot_ms > $2::bigint - ${hourMs}), $2) AS hour_ms,
            coalesce(min(slot_ms), $2) AS day_ms
       FROM answer_pace WHERE person = $1 AND slot_ms > $2::bigint - ${dayMs} AND slot_ms <= $2`,
    [person, atMs, reviewed.untilMs < 0 ? -1 : slotOf(reviewed.untilMs), reviewed.answers],
  );
  const { minute = 0, hour = 0, day = 0, hour_ms = atMs, day_ms = atMs } = sums ?? {};
  const lastMinute = Math.max(0, minute) + 1;
  return {
    lastMinute,
    hour: { answers: hour, freesAtMs: hour_ms + hourMs },
    day: { answers: day, freesAtMs: day_ms + dayMs },
    earlierMinutes: lastMinute > historyAbove ? await earlierMinutes(queries, person, atMs) : [],
  };
}

async function earlierMinutes(queries: Queries, person: string, atMs: number): Promise<number[]> {
  const rows = await queries.query<{ answers: number }>(
    `SELECT sum(p.answers)::int AS answers FROM answer_pace p
      WHERE p.person = $1 AND p.slot_ms > $2::bigint - ${historyMs} AND p.slot_ms <= $2::bigint - ${hourMs}
        AND NOT EXISTS (SELECT FROM answer_flood h WHERE h.person = p.person AND h.state <> 'accepted'
                           AND p.slot_ms BETWEEN h.from_ms - ${slotMs} AND h.until_ms)
      GROUP BY p.slot_ms / ${minuteMs}`,
    [person, atMs],
  );
  return rows.map(({ answers }) => answers);
}

/** The flood that an answer still belongs to though it came at an ordinary pace. */
async function openFlood(queries: Queries, person: string, atMs: number) {
  const [row] = await queries.query<{ id: string }>(
    `SELECT id FROM answer_flood WHERE person = $1 AND state = 'open' AND $2 BETWEEN from_ms AND until_ms`,
    [person, atMs],
  );
  return { floodId: row?.id ?? null, raised: false };
}

/** Lengthens the flood that is going on, or begins one. */
async function noteFlood(
  queries: Queries,
  { person, atMs, holdMs }: Request,
  flood: { limit: number; usual: number | null; lastMinute: number; reviewedMs: number },
): Promise<{ floodId: string; raised: boolean }> {
  const [known] = await queries.query<{ id: string }>(
    `UPDATE answer_flood SET until_ms = greatest(until_ms, $3), per_minute = greatest(per_minute, $4)
      WHERE person = $1 AND state = 'open' AND $2 BETWEEN from_ms AND until_ms RETURNING id`,
    [person, atMs, atMs + holdMs, flood.lastMinute],
  );
  if (known) return { floodId: known.id, raised: false };
  const floodId = crypto.randomUUID();
  const fromMs = Math.max(slotOf(atMs) - minuteMs, flood.reviewedMs + 1);
  await queries.query(
    `INSERT INTO answer_flood (id, person, from_ms, until_ms, per_minute, limit_per_minute, usual_per_minute, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')`,
    [floodId, person, fromMs, atMs + holdMs, flood.lastMinute, flood.limit, flood.usual],
  );
  const usual = flood.usual === null ? 'nothing known before' : `${flood.usual} in a busy minute before`;
  await queries.query(
    `INSERT INTO feedback_audit (at_ms, person, action, subject, detail) VALUES ($1, $2, 'flood-raised', $3, $4)`,
    [atMs, person, floodId, `${flood.lastMinute} answers within a minute; ${usual}`],
  );
  await touchJudged(queries, { person, fromMs, untilMs: atMs });
  return { floodId, raised: true };
}
