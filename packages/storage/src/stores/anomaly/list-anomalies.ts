import type { AnomaliesPage, AnomaliesQuery } from '@verdict/contracts';
import type { Queries } from '../../database/open-database.ts';
import { type AnomalyRow, anomalyColumns, anomalyOf } from './anomaly-row.ts';
import { formatPageToken, InvalidPageToken, type PageToken, parsePageToken } from './page-token.ts';

/**
 * Lists anomalies with their verdicts in one statement.
 *
 * Why the cursor misses nothing: every change stores its transaction's number in `changed_xid`. The cursor of an
 * answer is the *oldest* transaction still running in the snapshot that the answer was read from. Whatever that
 * snapshot did not show was written by a transaction that was running then or began later, so its number is at
 * least the cursor: `changed_xid >= cursor` finds it as soon as it is committed, in whatever order transactions
 * end. Changes by transactions that had ended but are younger than the oldest running one come a second time;
 * the client drops them by their revision. A listing of several pages keeps the cursor of its first page, since
 * a change may come in behind the place that the pages have passed.
 */
export async function listAnomalies(queries: Queries, query: AnomaliesQuery): Promise<AnomaliesPage> {
  const order = query.since === undefined ? 's' : 'c';
  const token = query.next === undefined ? null : parsePageToken(query.next);
  if (token !== null && token.order !== order) throw new InvalidPageToken('next is of another listing');
  const { conditions, values } = filters(query, token);
  const rows = await queries.query<{ cursor: string } & (AnomalyRow | { id: null })>(
    `SELECT now_running.cursor, found.*
       FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS cursor) now_running
       LEFT JOIN LATERAL (
         SELECT ${anomalyColumns} FROM anomaly a
          ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
          ORDER BY ${order === 's' ? 'a.start_ms DESC, a.id DESC' : 'a.changed_xid, a.id'}
          LIMIT ${query.limit + 1}) found ON true`,
    values,
  );
  const found = rows.filter((row): row is { cursor: string } & AnomalyRow => row.id !== null);
  const cursor = token?.cursor ?? rows[0]?.cursor ?? '0';
  const items = found.slice(0, query.limit);
  const last = items.at(-1);
  const more = found.length > query.limit && last !== undefined;
  const key = last === undefined ? '' : order === 's' ? String(last.start_ms) : last.changed_xid;
  return {
    items: items.map(anomalyOf),
    next: more ? formatPageToken({ order, key, id: last.id, cursor }) : null,
    cursor,
  };
}

const judged = (verdicts: string) =>
  `EXISTS (SELECT FROM feedback_current v WHERE v.anomaly_id = a.id AND v.verdict IN (${verdicts}))`;

/** Conditions on `anomaly a` and their values, `$1` first. */
function filters(
  query: AnomaliesQuery,
  token: PageToken | null,
): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  if (query.series !== undefined) conditions.push(`a.series = ${bind(query.series)}`);
  if (query.model !== undefined) conditions.push(`a.model = ${bind(query.model)}`);
  // Written out, so that the partial index of open anomalies serves.
  if (query.state !== undefined)
    conditions.push(query.state === 'open' ? `a.state = 'open'` : `a.state = 'closed'`);
  // An open anomaly lasts until now.
  if (query.from !== undefined)
    conditions.push(`(a.state = 'open' OR a.end_ms >= ${bind(Date.parse(query.from))})`);
  if (query.to !== undefined) conditions.push(`a.start_ms < ${bind(Date.parse(query.to))}`);
  if (query.verdict === 'none') conditions.push(`NOT ${judged(`'true', 'false'`)}`);
  if (query.verdict === 'any') conditions.push(judged(`'true', 'false'`));
  if (query.verdict === 'true') conditions.push(judged(`'true'`));
  if (query.verdict === 'false') conditions.push(judged(`'false'`));
  if (query.since !== undefined) conditions.push(`a.changed_xid >= ${sinceOf(bind(xidOf(query.since)))}`);
  if (token !== null)
    conditions.push(
      token.order === 's'
        ? `(a.start_ms, a.id) < (${bind(token.key)}::bigint, ${bind(token.id)})`
        : `(a.changed_xid, a.id) > (${bind(xidOf(token.key))}::xid8, ${bind(token.id)})`,
    );
  return { conditions, values };
}

/** A cursor from the future is of another database (one that was restored, say): everything may be new. */
function sinceOf(parameter: string): string {
  return `CASE WHEN ${parameter}::xid8 > pg_snapshot_xmax(pg_current_snapshot()) THEN '0'::xid8 ELSE ${parameter}::xid8 END`;
}

/** Clamped to what a transaction number can be. */
function xidOf(text: string): string {
  const largest = 2n ** 64n - 1n;
  const value = BigInt(text);
  return String(value > largest ? largest : value < 0n ? 0n : value);
}
